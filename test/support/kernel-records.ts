import { RecordKernel } from '../../jobs/feed-consumer/kernel/record-kernel.ts';

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
}

/** Reads a whole document. Throws FeedError. */
export function kernelRecords(document: string | Uint8Array, reading: KernelReading = {}): readonly KernelRecord[] {
  const { tag = 'job', emptyCDATA = true, fields = [], sizes = [1_000_000] } = reading;
  const kernel = new RecordKernel({ tag, emptyCDATA, fields: Object.fromEntries(fields.map((name) => [name, {}])) });
  const bytes = Buffer.from(document);
  const found: KernelRecord[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const findings of kernel.read(bytes.subarray(at, at + size)))
      for (let index = 0; index < findings.count; index++) {
        const part = (start: number, end: number): string =>
          Buffer.from(findings.bytes.subarray(start, end)).toString();
        const kind = findings.kind(index);
        found.push({
          kind,
          xml: Buffer.from(findings.source(index)).toString(),
          line: findings.line(index),
          offset: findings.offset(index),
          ...(kind === 'record' && { json: part(findings.jsonStart(index), findings.jsonEnd(index)) }),
          fields: fields.map((_, field) => {
            const start = findings.fieldStart(index, field);
            return start === 0 ? undefined : part(start, findings.fieldEnd(index, field));
          }),
        });
      }
    at += size;
  }
  kernel.end();
  return found;
}
