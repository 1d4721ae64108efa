import { expandEntities } from '../../xml/entities.ts';
import type { RecordConverter } from '../batches/record-object.ts';

/** What a piece of an element's text turns out to be when its entities are known. */
export interface ConvertedText {
  /** The inside of a JSON string. */
  readonly json: string;
  readonly hasText: boolean;
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

  /** The attributes of a start tag. Throws an Error when xml2js cannot read it, as the others do. */
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
    const source = isCdata ? `<![CDATA[${xml}]]>` : xml;
    // Beside elements xml2js leaves out a text that is blank; one that begins with a dot never is.
    const value = this.#converted(`<part>.${source}</part>`);
    const members = typeof value === 'string' ? [['_', value] as const] : membersOf(value);
    const [shown, ...named] = listOf(new Map(members).get('_'));
    const text = String(shown).slice(1);
    return {
      json: JSON.stringify(text).slice(1, -1),
      hasText: text.trim() !== '' || this.#countsBlank(source, named.length),
      children: members.map(([name, values]) => [name, name === '_' ? named : listOf(values)] as const),
    };
  }

  /** Whether xml2js keeps a blank text, as it does where some of it stands in a section. So many elements have the text's name. */
  #countsBlank(source: string, named: number): boolean {
    const members = new Map(membersOf(this.#converted(`<part><part/>${source}</part>`)));
    return listOf(members.get('_')).length > named;
  }

  #converted(xml: string): unknown {
    return this.#converter.convert(expandEntities(xml, this.#entities));
  }
}

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};
