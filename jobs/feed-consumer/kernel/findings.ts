import type { KernelInstance } from './kernel-instance.ts';

const findingKinds = ['record', 'declined', 'too large', 'doctype', 'opened', 'text', 'closed'] as const;
type FindingKind = (typeof findingKinds)[number];

/** Flags of a result beside those of an element: results.ts of the kernel. */
const flag = { isDeclined: 8, isCdata: 16, endsRecord: 32, keepsRules: 128 } as const;

/** Words of one result: results.ts of the kernel. */
const resultWords = 8;
/** Words of one field of one result: fields.ts of the kernel. */
const spanWords = 3;

/** What one run of the kernel found, by index; good until the next run. */
export class Findings {
  readonly count: number;
  /** The memory of the kernel, in which the JSON lies. */
  readonly bytes: Uint8Array;
  readonly #instance: KernelInstance;
  readonly #words: Uint32Array;
  readonly #results: number;
  readonly #spans: number;
  readonly #output: number;
  readonly #fields: number;

  constructor(instance: KernelInstance, fields: number) {
    this.#instance = instance;
    this.bytes = instance.bytes;
    this.#words = instance.words;
    this.count = instance.value('resultCount');
    this.#results = instance.call('resultsAddress') / Uint32Array.BYTES_PER_ELEMENT;
    this.#spans = instance.call('spansAddress', 0) / Uint32Array.BYTES_PER_ELEMENT;
    this.#output = instance.value('output');
    this.#fields = fields;
  }

  #word(index: number, word: number): number {
    return this.#words[this.#results + index * resultWords + word] ?? 0;
  }

  kind(index: number): FindingKind {
    const kind = findingKinds[this.#word(index, 0)];
    if (kind === undefined) throw new Error(`the kernel found something of kind ${this.#word(index, 0)}`);
    return kind;
  }

  /** The line of the document where it begins, from 1 on. */
  line(index: number): number {
    return this.#word(index, 1);
  }

  /** Its text in the document; the beginning of it where it is too large or opened. */
  source(index: number): Uint8Array {
    return this.bytes.subarray(this.sourceStart(index), this.#word(index, 3));
  }

  sourceStart(index: number): number {
    return this.#word(index, 2);
  }

  /** Bytes of the document before it. */
  offset(index: number): number {
    return this.#instance.call('sourceOffset', this.#word(index, 2));
  }

  jsonStart(index: number): number {
    return this.#output + this.#word(index, 4);
  }

  /** A newline stands here. */
  jsonEnd(index: number): number {
    return this.#output + this.#word(index, 5);
  }

  /** The JSON; of a text the inside of a string, of an opened element its attributes. */
  json(index: number): Uint8Array {
    return this.bytes.subarray(this.jsonStart(index), this.jsonEnd(index));
  }

  /** Bytes of the tag of an opened element that others are to read. */
  tagLength(index: number): number {
    return this.#word(index, 5);
  }

  /** What is in the element: element.ts of the kernel. */
  flags(index: number): number {
    return this.#word(index, 6);
  }

  /** Others are to read its source. */
  isDeclined(index: number): boolean {
    return this.kind(index) === 'declined' || (this.flags(index) & flag.isDeclined) !== 0;
  }

  /** Its source is the content of a CDATA section. */
  isCdata(index: number): boolean {
    return (this.flags(index) & flag.isCdata) !== 0;
  }

  /** The element that is closed is the record. */
  endsRecord(index: number): boolean {
    return (this.flags(index) & flag.endsRecord) !== 0;
  }

  /** Whether the bytes of all its fields show that they keep their rules; false: perhaps they do. */
  keepsRules(index: number): boolean {
    return (this.flags(index) & flag.keepsRules) !== 0;
  }

  /** Where the JSON of a field begins; 0: the record has no such field. */
  fieldStart(index: number, field: number): number {
    const start = this.#span(index, field, 0);
    return start === 0 ? 0 : this.#output + start;
  }

  fieldEnd(index: number, field: number): number {
    return this.#output + this.#span(index, field, 1);
  }

  /** Whether the bytes of a field show that it keeps its rule; false: perhaps it does. */
  isSurelyGood(index: number, field: number): boolean {
    return this.#span(index, field, 2) === 1;
  }

  #span(index: number, field: number, word: number): number {
    return this.#words[this.#spans + (index * this.#fields + field) * spanWords + word] ?? 0;
  }
}
