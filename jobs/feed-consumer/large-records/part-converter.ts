import { expandEntities } from '../../xml/entities.ts';
import type { RecordConverter } from '../batches/record-object.ts';
import { elementFlag } from './element-flags.ts';

const emptyCdata = '<![CDATA[]]>';

/** What a piece of an element's text turns out to be when its entities are known. */
export interface ConvertedText {
  /** The inside of a JSON string. */
  readonly json: string;
  /** What it makes of its element. */
  readonly flags: number;
  /** Elements that the entities stand for, by name; their values. */
  readonly children: readonly (readonly [name: string, values: readonly unknown[]])[];
}

/** Lets xml2js read the parts of a large record that the kernel has declined, each within an element of its own. */
export class PartConverter {
  readonly #converter: RecordConverter;
  readonly #entities: ReadonlyMap<string, string>;

  constructor(converter: RecordConverter, entities: ReadonlyMap<string, string>) {
    this.#converter = converter;
    this.#entities = entities;
  }

  /** Elements that hold only an empty CDATA section are left out. */
  get leavesOutEmptyCdata(): boolean {
    return !this.#converter.emptyCDATA;
  }

  /** The attributes of a start tag; `undefined`: none are left. Throws an Error when xml2js cannot read it, as the others do. */
  attributes(startTag: string): unknown {
    return new Map(membersOf(this.#converted(`${startTag.slice(0, -1)}/>`))).get('$');
  }

  /** The value of an element; `undefined`: it is left out. */
  child(xml: string): unknown {
    const [member] = membersOf(this.#converted(`<part>${xml}</part>`));
    return member?.[1];
  }

  /** A piece of text, or of a CDATA section. */
  text(xml: string, isCdata: boolean): ConvertedText {
    const source = isCdata ? `<![CDATA[${xml}]]>` : expandEntities(xml, this.#entities);
    // Beside elements xml2js leaves out a text that is blank; one that begins with a dot never is.
    const value = this.#converter.convert(`<part>.${source}</part>`);
    const [shown, ...named] = listOf(typeof value === 'string' ? value : new Map(membersOf(value)).get('_'));
    const text = String(shown).slice(1);
    const json = JSON.stringify(text).slice(1, -1);
    const flags = flagsOf(source);
    if (typeof value === 'string' && text.trim() !== '')
      return { json, flags: flags | elementFlag.hasText | elementFlag.isSeen, children: [] };
    const members = this.#membersBeside(source);
    const counts = listOf(new Map(members).get('_')).length > named.length ? elementFlag.hasText : 0;
    const seen = text.trim() === '' ? 0 : elementFlag.isSeen;
    return {
      json,
      flags: flags | counts | seen,
      children: members.map(([name, values]) => [name, name === '_' ? named : listOf(values)] as const),
    };
  }

  /** What it is beside an element: xml2js keeps a blank text there only where some of it stands in a section. */
  #membersBeside(xml: string): readonly (readonly [string, unknown])[] {
    let other = 'part';
    while (xml.includes(`<${other}`)) other += '_';
    const value = this.#converter.convert(`<${other}><${other}/>${xml}</${other}>`);
    return membersOf(value).filter(([name]) => name !== other);
  }

  #converted(xml: string): unknown {
    return this.#converter.convert(expandEntities(xml, this.#entities));
  }
}

/** What can be told without xml2js. */
function flagsOf(xml: string): number {
  const others = xml.replaceAll(emptyCdata, '');
  const empty = others.length < xml.length ? elementFlag.hasEmptyCdata : 0;
  return others.trim() === '' ? empty : empty | elementFlag.hasOther;
}

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};
