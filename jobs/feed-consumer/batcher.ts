import type { SnapshotMessage } from '../messages/feed-message.ts';
import { JobError, reasonOf } from '../process/job-error.ts';
import { declaredEntities, expandEntities } from '../xml/entities.ts';
import { type Batch, BatchBuilder } from './batch.ts';
import { FieldChecks } from './field-check.ts';
import type { Findings } from './kernel/findings.ts';
import { RecordConverter } from './record-object.ts';

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

/** A batch is full at this many bytes of JSON, too: services refuse large bodies. */
const fullAtBytes = 4 * 1024 * 1024;
/** So much of a record is told where it is refused. */
const mostTold = 1024 * 1024;
const tooLarge = 'it has more than 64 MB';
const tooManyElements = 'it has more than 1048576 elements';

/** Makes batches of what the kernel finds; what it declines is read by xml2js. */
export class Batcher {
  readonly #checks: FieldChecks;
  readonly #converter: RecordConverter;
  readonly #batchSize: number;
  readonly #skip: number;
  #number: number;
  #records = 0;
  #declined = 0;
  #entities: ReadonlyMap<string, string> = new Map();
  #batch = new BatchBuilder();

  constructor({ emptyCDATA, fields }: SnapshotMessage, batchSize: number, start: Start) {
    this.#checks = new FieldChecks(fields);
    this.#converter = new RecordConverter(emptyCDATA);
    this.#batchSize = batchSize;
    this.#skip = start.records;
    this.#number = start.batches;
  }

  get fields(): readonly string[] {
    return this.#checks.names;
  }

  /** Records of the document so far, and those of them that the kernel has declined. */
  get records(): number {
    return this.#records;
  }

  get declined(): number {
    return this.#declined;
  }

  /** Takes findings and gives the batches that were full before one of them. */
  add(findings: Findings): readonly Batch[] {
    const full: Batch[] = [];
    for (let index = 0; index < findings.count; index++) {
      const kind = findings.kind(index);
      if (kind === 'doctype') {
        this.#entities = declaredEntities(textOf(findings.source(index)));
        continue;
      }
      this.#records++;
      if (kind === 'declined') this.#declined++;
      if (this.#records <= this.#skip) continue;
      if (this.#batch.records >= this.#batchSize || this.#batch.bytes >= fullAtBytes) full.push(...this.end());
      if (kind === 'record') this.#addRecord(findings, index);
      else if (kind === 'declined') this.#addDeclined(findings, index);
      else this.#refuse(findings, index, kind === 'too large' ? tooLarge : tooManyElements);
    }
    // The kernel's memory is about to change.
    this.#batch.copy();
    return full;
  }

  #addRecord(findings: Findings, index: number): void {
    const { bytes } = findings;
    const [start, end, line] = [findings.jsonStart(index), findings.jsonEnd(index), findings.line(index)];
    const reason = this.#checks.violation(findings, index);
    if (reason === undefined) this.#batch.addLine(bytes, start, end, this.#records, line);
    else this.#reject(line, reason, contentOf(bytes.subarray(start, end)));
  }

  #addDeclined(findings: Findings, index: number): void {
    const line = findings.line(index);
    const source = findings.source(index);
    try {
      const value = this.#converter.convert(expandEntities(textOf(source), this.#entities));
      const reason = this.#checks.violationOf(value);
      const json = Buffer.from(`${JSON.stringify(value)}\n`);
      if (reason === undefined) this.#batch.addLine(json, 0, json.length - 1, this.#records, line);
      else this.#reject(line, reason, contentOf(json));
    } catch (error) {
      // What is wrong with the feed, such as a bomb of entities, is wrong with all of it.
      if (error instanceof JobError) throw error;
      this.#reject(line, reasonOf(error), told(source, mostTold));
    }
  }

  #refuse(findings: Findings, index: number, reason: string): void {
    const place = `it begins at byte ${findings.offset(index)}`;
    this.#reject(findings.line(index), `${reason}; ${place}`, told(findings.source(index), 1_000));
  }

  #reject(line: number, reason: string, content: unknown): void {
    this.#batch.addReject({ record: this.#records, line, reason, content });
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    if (this.#batch.records === 0) return [];
    const batch = this.#batch.build(this.#number++);
    this.#batch = new BatchBuilder();
    return [batch];
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** The object of a record, or the beginning of its JSON. */
const contentOf = (json: Uint8Array): unknown =>
  json.length > mostTold ? told(json, mostTold) : JSON.parse(textOf(json));

function told(bytes: Uint8Array, most: number): string {
  return bytes.length > most ? `${textOf(bytes.subarray(0, most))}…` : textOf(bytes);
}
