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
    // Without text that can be seen xml2js leaves out what is there beside elements.
    const [shown = '', ...elements] = listOf(textIn(this.#converted(`<part>.${source}</part>`)));
    const whole = this.#converted(`<part>${source}</part>`);
    const isString = typeof whole === 'string';
    return {
      json: JSON.stringify(shown).slice(2, -1),
      hasText: isString ? whole !== '' : listOf(textIn(whole)).length > elements.length,
      children: isString ? [] : childrenIn(whole, elements),
    };
  }

  #converted(xml: string): unknown {
    return this.#converter.convert(expandEntities(xml, this.#entities));
  }
}

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const textIn = (value: unknown): unknown => (typeof value === 'string' ? value : new Map(membersOf(value)).get('_'));

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

const childrenIn = (
  value: unknown,
  namedAsText: readonly unknown[],
): readonly (readonly [string, readonly unknown[]])[] =>
  membersOf(value).map(([name, values]) => [name, name === '_' ? namedAsText : listOf(values)] as const);
