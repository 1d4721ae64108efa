import { expandEntities } from '../../xml/entities.ts';
import { predefined } from '../../xml/prolog/entity-table.ts';

/** Longer ids than this are none: they would have to be held and sorted. In UTF-16 code units. */
const longestId = 1_000;

type Entities = ReadonlyMap<string, string>;

const lessThan = 0x3c;
const slash = 0x2f;
const questionMark = 0x3f;
const exclamationMark = 0x21;
const squareBracket = 0x5b;
const doubleQuote = 0x22;
const singleQuote = 0x27;
const greaterThan = 0x3e;
/** Bytes behind a name, and the end of all bytes. */
const endsName: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d, slash, greaterThan, undefined]);

const attribute = /\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads the id of a record from its bytes, which are a well-formed element in UTF-8: the text of its first child of one
 * name, or with `@` before the name an attribute. Names are those in the record's JSON, a prefix included, as they are
 * for the rules of fields.
 */
export class IdReader {
  readonly #isAttribute: boolean;
  readonly #name: Buffer;

  constructor(field: string) {
    this.#isAttribute = field.startsWith('@');
    this.#name = Buffer.from(field.replace(/^@/, ''));
  }

  /**
   * As it stands in the record's JSON: with the white space around it that does not count, and with the line ends and tabs
   * that it was written with, for which XML has others. `undefined` where the record has no such thing, or it is blank or
   * too long.
   */
  read(record: Buffer, entities: Entities): string | undefined {
    const text = this.#isAttribute ? this.#attributeText(record, entities) : this.#childText(record, entities);
    return text === undefined || text.trim() === '' || text.length > longestId ? undefined : text;
  }

  #attributeText(record: Buffer, entities: Entities): string | undefined {
    const tag = record.toString('utf8', 0, tagEnd(record, 0));
    const found = [...tag.matchAll(attribute)].find(([, name]) => name === this.#name.toString());
    const value = found?.[2] ?? found?.[3];
    // A copy: V8 would keep the whole tag for the sake of a part of it.
    const copy = Buffer.from(value ?? '').toString();
    return decoded(copy, entities);
  }

  #childText(record: Buffer, entities: Entities): string | undefined {
    let depth = 0;
    for (let at = tagEnd(record, 0); depth >= 0; ) {
      const open = record.indexOf(lessThan, at);
      if (open < 0) return undefined;
      const end = markupEnd(record, open);
      at = end;
      const kind = kindOf(record, open, end);
      if (depth === 0 && (kind === 'start' || kind === 'empty') && this.#isField(record, open + 1))
        return kind === 'empty' ? '' : textFrom(record, end, entities);
      depth += kind === 'start' ? 1 : kind === 'end' ? -1 : 0;
    }
    return undefined;
  }

  #isField(record: Buffer, at: number): boolean {
    let end = at;
    while (!endsName.has(record[end])) end++;
    return this.#name.compare(record, at, end) === 0;
  }
}

/** The text that an element itself holds, from behind its start tag on. */
function textFrom(record: Buffer, from: number, entities: Entities): string {
  let text = '';
  let depth = 0;
  for (let at = from; depth >= 0; ) {
    const open = record.indexOf(lessThan, at);
    if (open < 0) return text;
    if (depth === 0) text += decoded(record.toString('utf8', at, open), entities);
    at = markupEnd(record, open);
    const kind = kindOf(record, open, at);
    if (kind === 'cdata' && depth === 0) text += record.toString('utf8', open + '<![CDATA['.length, at - ']]>'.length);
    depth += kind === 'start' ? 1 : kind === 'end' ? -1 : 0;
  }
  return text;
}

type Kind = 'start' | 'empty' | 'end' | 'cdata' | 'other';

function kindOf(record: Buffer, open: number, end: number): Kind {
  const second = record[open + 1];
  if (second === slash) return 'end';
  if (second === questionMark) return 'other';
  if (second === exclamationMark) return record[open + 2] === squareBracket ? 'cdata' : 'other';
  return record[end - 2] === slash ? 'empty' : 'start';
}

/** Behind the markup that begins here. */
function markupEnd(record: Buffer, open: number): number {
  const behind = (mark: string, from: number): number => {
    const at = record.indexOf(mark, from);
    return at < 0 ? record.length : at + mark.length;
  };
  const second = record[open + 1];
  if (second === questionMark) return behind('?>', open + 2);
  if (second !== exclamationMark) return tagEnd(record, open);
  return record[open + 2] === squareBracket ? behind(']]>', open + 9) : behind('-->', open + 4);
}

/** Behind the tag that begins here; its values may hold a `>`. */
function tagEnd(record: Buffer, open: number): number {
  let quote: number | undefined;
  for (let at = open; at < record.length; at++) {
    const byte = record[at];
    if (quote !== undefined) quote = byte === quote ? undefined : quote;
    else if (byte === doubleQuote || byte === singleQuote) quote = byte;
    else if (byte === greaterThan) return at + 1;
  }
  return record.length;
}

/** Text without references. One to an entity that is not known stays as it is. */
function decoded(text: string, entities: Entities): string {
  if (!text.includes('&')) return text;
  return expandEntities(text, entities).replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|([^;&\s]+));/g,
    (whole, hex?, decimal?, name?) => {
      if (typeof name === 'string') return predefined.get(name) ?? whole;
      return String.fromCodePoint(typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal));
    },
  );
}
