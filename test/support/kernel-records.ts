import { RecordConverter } from '../../jobs/feed-consumer/batches/record-object.ts';
import type { Findings } from '../../jobs/feed-consumer/kernel/findings.ts';
import { RecordKernel } from '../../jobs/feed-consumer/kernel/record-kernel.ts';
import { LargeMemory } from '../../jobs/feed-consumer/large-records/large-memory.ts';
import { LargeRecord } from '../../jobs/feed-consumer/large-records/large-record.ts';
import { PartConverter } from '../../jobs/feed-consumer/large-records/part-converter.ts';
import { WorkFolder } from '../../jobs/process/work-folder.ts';
import { declaredEntities } from '../../jobs/xml/entities.ts';

/** What the kernel finds; `json` is absent where it found something else than a record that it can make. */
export interface KernelRecord {
  readonly kind: string;
  readonly xml: string;
  readonly line: number;
  readonly offset: number;
  readonly json?: string;
  /** The JSON of the fields asked for; `undefined` where the record has none. */
  readonly fields: readonly (string | undefined)[];
}

export interface KernelReading {
  readonly tag?: string;
  readonly emptyCDATA?: boolean;
  readonly fields?: readonly string[];
  /** Sizes of the chunks, by turns. */
  readonly sizes?: readonly number[];
  /** Bytes above which a record may come in parts. */
  readonly largest?: number;
}

/** Reads a whole document. A record in parts is of the kind `large`, its `xml` what it begins with. Throws FeedError. */
export function kernelRecords(document: string | Uint8Array, reading: KernelReading = {}): readonly KernelRecord[] {
  const { tag = 'job', emptyCDATA = true, fields = [], sizes = [1_000_000], largest } = reading;
  const rules = Object.fromEntries(fields.map((name) => [name, {}]));
  const kernel = new RecordKernel({ tag, emptyCDATA, fields: rules, ...(largest !== undefined && { largest }) });
  using reader = new Reader(fields, emptyCDATA);
  const bytes = Buffer.from(document);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const findings of kernel.read(bytes.subarray(at, at + size)))
      for (let index = 0; index < findings.count; index++) reader.take(findings, index);
    at += size;
  }
  kernel.end();
  return reader.found;
}

class Reader implements Disposable {
  readonly found: KernelRecord[] = [];
  readonly #fields: readonly string[];
  readonly #emptyCDATA: boolean;
  readonly #folder = new WorkFolder('kernel-records');
  readonly #memory = new LargeMemory();
  #entities: ReadonlyMap<string, string> = new Map();
  #large: LargeRecord | undefined;

  constructor(fields: readonly string[], emptyCDATA: boolean) {
    this.#fields = fields;
    this.#emptyCDATA = emptyCDATA;
  }

  take(findings: Findings, index: number): void {
    const kind = findings.kind(index);
    if (kind === 'doctype') this.#entities = declaredEntities(sourceOf(findings, index));
    if (kind === 'opened' || this.#large !== undefined) this.#takePart(findings, index);
    else this.found.push(this.#wholeRecord(findings, index));
  }

  #takePart(findings: Findings, index: number): void {
    const converter = new PartConverter(new RecordConverter(this.#emptyCDATA), this.#entities);
    const place = { line: findings.line(index), offset: findings.offset(index), beginning: findings.source(index) };
    this.#large ??= new LargeRecord(this.#folder, this.#memory, converter, place);
    const isTooLarge = findings.kind(index) === 'too large';
    if (!isTooLarge) this.#large.add(findings, index);
    if (!isTooLarge && !findings.endsRecord(index)) return;
    using large = this.#large;
    this.#large = undefined;
    const { line, offset, beginning } = large.place;
    this.found.push({
      kind: isTooLarge ? 'too large' : 'large',
      xml: Buffer.from(beginning).toString(),
      line,
      offset,
      json: large.fault ?? Buffer.from(large.firstBytes(large.length)).toString(),
      fields: [],
    });
  }

  #wholeRecord(findings: Findings, index: number): KernelRecord {
    const part = (start: number, end: number): string => Buffer.from(findings.bytes.subarray(start, end)).toString();
    const kind = findings.kind(index);
    return {
      kind,
      xml: sourceOf(findings, index),
      line: findings.line(index),
      offset: findings.offset(index),
      ...(kind === 'record' && { json: part(findings.jsonStart(index), findings.jsonEnd(index)) }),
      fields: this.#fields.map((_, field) => {
        const start = findings.fieldStart(index, field);
        return start === 0 ? undefined : part(start, findings.fieldEnd(index, field));
      }),
    };
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

const sourceOf = (findings: Findings, index: number): string => Buffer.from(findings.source(index)).toString();
