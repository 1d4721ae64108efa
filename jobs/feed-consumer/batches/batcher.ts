import type { SnapshotMessage } from '../../messages/feed-message.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { declaredEntities, expandEntities } from '../../xml/entities.ts';
import type { Findings } from '../kernel/findings.ts';
import { type Batch, BatchBuilder } from './batch.ts';
import { BatchMemory } from './batch-memory.ts';
import { FieldChecks } from './field-check.ts';
import { RecordConverter } from './record-object.ts';
import { contentOf, mostTold, textOf, told } from './reject-content.ts';

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

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
  readonly #memory = new BatchMemory();
  #batch = new BatchBuilder(this.#memory, 0);

  constructor({ emptyCDATA, fields }: SnapshotMessage, batchSize: number, start: Start) {
    this.#checks = new FieldChecks(fields);
    this.#converter = new RecordConverter(emptyCDATA);
    this.#batchSize = batchSize;
    this.#skip = start.records;
    this.#number = start.batches;
  }

  /** Records of the document so far, and those of them that the kernel has declined. */
  get records(): number {
    return this.#records;
  }

  get declined(): number {
    return this.#declined;
  }

  /** Takes findings and gives the batches that were full before one of them, or are with a record that travels alone. */
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
      if (this.#batch.records >= this.#batchSize) full.push(...this.end());
      if (kind === 'record') full.push(...this.#addRecord(findings, index));
      else if (kind === 'declined') full.push(...this.#addDeclined(findings, index));
      else full.push(...this.#refuse(findings, index, kind === 'too large' ? tooLarge : tooManyElements));
    }
    // The kernel's memory is about to change.
    this.#batch.copy();
    return full;
  }

  #addRecord(findings: Findings, index: number): readonly Batch[] {
    const { bytes } = findings;
    const [start, end, line] = [findings.jsonStart(index), findings.jsonEnd(index), findings.line(index)];
    const reason = this.#checks.violation(findings, index);
    if (reason === undefined) return this.#addLine(bytes, start, end, line);
    return this.#reject(line, reason, contentOf(bytes.subarray(start, end)));
  }

  #addLine(bytes: Uint8Array, start: number, end: number, line: number): readonly Batch[] {
    const before = this.#batch.hasRoomFor(end - start) ? [] : this.end();
    this.#batch.addLine(bytes, start, end, this.#records, line);
    return this.#batch.isBorrowed ? [...before, ...this.end()] : before;
  }

  #addDeclined(findings: Findings, index: number): readonly Batch[] {
    const line = findings.line(index);
    const source = findings.source(index);
    try {
      const value = this.#converter.convert(expandEntities(textOf(source), this.#entities));
      const reason = this.#checks.violationOf(value);
      const json = Buffer.from(`${JSON.stringify(value)}\n`);
      if (reason === undefined) return this.#addLine(json, 0, json.length - 1, line);
      return this.#reject(line, reason, contentOf(json));
    } catch (error) {
      // What is wrong with the feed, such as a bomb of entities, is wrong with all of it.
      if (error instanceof JobError) throw error;
      return this.#reject(line, reasonOf(error), told(source, mostTold));
    }
  }

  #refuse(findings: Findings, index: number, reason: string): readonly Batch[] {
    const place = `it begins at byte ${findings.offset(index)} of the text in UTF-8`;
    return this.#reject(findings.line(index), `${reason}; ${place}`, told(findings.source(index), 1_000));
  }

  #reject(line: number, reason: string, content: unknown): readonly Batch[] {
    const before = this.#batch.hasRoomFor(0) ? [] : this.end();
    this.#batch.addReject({ record: this.#records, line, reason, content });
    return before;
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    if (this.#batch.records === 0) return [];
    const batch = this.#batch.build(this.#number++);
    this.#batch = new BatchBuilder(this.#memory, batch.bytes.length);
    return [batch];
  }
}
