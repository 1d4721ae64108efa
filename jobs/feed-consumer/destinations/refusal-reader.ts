import type { RefusedLine } from './destination.ts';

/** What an answer says of single records; `broken`: it is no whole JSON; `foreign`: it is not `{ "rejected": [{ "index": 3 }] }`. */
export type Refusals = readonly RefusedLine[] | 'broken' | 'foreign';

/** Characters of a text that are kept. */
const longestText = 1_000;
/** Stands for what was cut off. */
export const ellipsis = '…';
/** Records of the largest batch. */
const mostRefused = 10_000;
/** How deep it lies what stands in a list of the answer. */
const inList = 2;

/**
 * Reads what an answer says of single records as it comes in, and keeps only that: each object of the list is parsed by
 * itself, long texts are cut, and other lists and objects are passed over. So megabytes take no more memory than the
 * reasons in them.
 */
export class RefusalReader {
  /** It leaves out a byte order mark. */
  readonly #decoder = new TextDecoder();
  readonly #reasons = new Map<number, string>();
  /** The JSON of the answer, with `{}` for each object of the list. */
  #frame = '';
  /** The object of the list that is being read. */
  #object = '';
  #depth = 0;
  /** The text that is being read, and whether its next character is escaped. */
  #text: string | undefined;
  #isEscaped = false;
  /** The latest text in the answer's own object: the name of what follows. */
  #name = '';
  #isRejected = false;
  #fault: 'broken' | 'foreign' | undefined;

  write(chunk: Uint8Array): void {
    this.#read(this.#decoder.decode(chunk, { stream: true }));
  }

  /** One for each record, with the reason that came first. */
  end(): Refusals {
    this.#read(this.#decoder.decode());
    const answer = this.#fault === 'broken' ? undefined : parsed(this.#frame);
    if (answer === undefined) return 'broken';
    if (this.#fault !== undefined || !isAnswer(answer)) return 'foreign';
    return [...this.#reasons].map(([index, reason]) => ({ index, reason }));
  }

  #read(json: string): void {
    for (let at = 0; at < json.length; )
      at = this.#text === undefined ? this.#readStructure(json, at) : this.#readText(json, at, this.#text);
  }

  #readStructure(json: string, from: number): number {
    const at = indexOf(/["{}[\]]/g, json, from);
    this.#keep(json.slice(from, at).replaceAll(/[ \t\r\n]+/g, ' '));
    const sign = json[at];
    if (sign === '"') this.#text = '';
    else if (sign === '{' || sign === '[') this.#open(sign);
    else if (sign !== undefined) this.#close(sign);
    return at + 1;
  }

  #readText(json: string, from: number, before: string): number {
    const at = this.#isEscaped ? from + 1 : indexOf(/["\\]/g, json, from);
    const sign = this.#isEscaped ? undefined : json[at];
    this.#isEscaped = sign === '\\';
    if (before.length <= longestText) this.#text = before + json.slice(from, sign === '\\' ? at + 1 : at);
    if (sign === '"') this.#endText();
    return sign === undefined ? at : at + 1;
  }

  #endText(): void {
    const text = shortened(this.#text ?? '');
    this.#text = undefined;
    if (this.#depth < inList) this.#name = text;
    this.#keep(`"${text}"`);
  }

  #open(bracket: string): void {
    this.#depth++;
    if (this.#depth === inList) this.#isRejected = bracket === '[' && this.#name === 'rejected';
    if (this.#depth <= inList) this.#frame += bracket;
    else this.#keep(bracket);
  }

  #close(bracket: string): void {
    if (this.#depth <= inList) this.#frame += bracket;
    else this.#keep(bracket);
    this.#depth--;
    if (this.#depth === inList && this.#isRejected) this.#endObject();
  }

  #keep(json: string): void {
    if (this.#depth < inList || (this.#depth === inList && this.#isRejected)) this.#frame += json;
    else if (this.#isRejected) this.#object += json;
  }

  #endObject(): void {
    const value = parsed(this.#object);
    this.#object = '';
    this.#frame += '{}';
    if (value === undefined) this.#fault = 'broken';
    else if (!isRefusal(value) || this.#reasons.size === mostRefused) this.#fault ??= 'foreign';
    else if (!this.#reasons.has(value.index)) this.#reasons.set(value.index, reasonIn(value));
  }
}

interface Refusal {
  readonly index: number;
  readonly reason?: unknown;
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' &&
  value !== null &&
  'index' in value &&
  typeof value.index === 'number' &&
  Number.isSafeInteger(value.index) &&
  value.index >= 0;

/** Its reason, or what it has in the place of one. */
function reasonIn({ index: _, reason, ...rest }: Refusal): string {
  if (typeof reason === 'string' && reason !== '') return reason;
  const told = JSON.stringify(reason === undefined || reason === null || reason === '' ? rest : reason);
  return told === '{}' ? 'it gave no reason' : told;
}

const isAnswer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'rejected' in value &&
  Array.isArray(value.rejected) &&
  value.rejected.every((each) => typeof each === 'object' && each !== null);

/** What is cut in the middle of an escape would be no JSON. */
function shortened(text: string): string {
  if (text.length <= longestText) return text;
  return text.slice(0, longestText).replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '') + ellipsis;
}

/** Where the first of some characters stands, from an index on; the length of the text where none does. */
function indexOf(signs: RegExp, text: string, from: number): number {
  signs.lastIndex = from;
  return signs.exec(text)?.index ?? text.length;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
