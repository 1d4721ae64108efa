import type { SnapshotMessage } from '../../messages/feed-message.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { declaredEntities, expandEntities } from '../../xml/entities.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import type { Findings } from '../kernel/findings.ts';
import { LargeRecord, type RecordPlace } from '../large-records/large-record.ts';
import { PartConverter } from '../large-records/part-converter.ts';
import { type Batch, BatchBuilder, mostInMemory } from './batch.ts';
import { BatchMemory } from './batch-memory.ts';
import { sizeInMemory } from './content.ts';
import { FieldChecks } from './field-check.ts';
import { RecordConverter } from './record-object.ts';
import { contentOf, mostTold, textOf, told } from './reject-content.ts';

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

const tooLarge = 'it has more than 64 MB';
const none: readonly Batch[] = [];
const newline = Buffer.from('\n');

/** Makes batches of what the kernel finds; what it declines is read by xml2js. */
export class Batcher {
  readonly #checks: FieldChecks;
  readonly #converter: RecordConverter;
  readonly #batchSize: number;
  readonly #skip: number;
  readonly #emptyCDATA: boolean;
  readonly #folder: WorkFolder;
  #number: number;
  #records = 0;
  #declined = 0;
  #entities: ReadonlyMap<string, string> = new Map();
  readonly #memory = new BatchMemory();
  #batch = new BatchBuilder(this.#memory, 0);
  /** The record that comes in parts. */
  #large: LargeRecord | 'skipped' | undefined;

  constructor({ emptyCDATA, fields }: SnapshotMessage, batchSize: number, start: Start, folder: WorkFolder) {
    this.#checks = new FieldChecks(fields);
    this.#converter = new RecordConverter(emptyCDATA);
    this.#emptyCDATA = emptyCDATA;
    this.#folder = folder;
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

  /** Takes findings and gives the batches that were full before one of them. */
  add(findings: Findings): readonly Batch[] {
    const full: Batch[] = [];
    for (let index = 0; index < findings.count; index++) {
      const kind = findings.kind(index);
      if (kind === 'doctype') this.#entities = declaredEntities(textOf(findings.source(index)));
      else if (kind === 'opened' || this.#large !== undefined) full.push(...this.#addPart(findings, index));
      else full.push(...this.#addWhole(findings, index));
    }
    // The kernel's memory is about to change.
    this.#batch.copy();
    return full;
  }

  #addWhole(findings: Findings, index: number): readonly Batch[] {
    const kind = findings.kind(index);
    this.#records++;
    if (kind === 'declined') this.#declined++;
    if (this.#records <= this.#skip) return [];
    const full = this.#endIfFull();
    if (kind === 'record') return [...full, ...this.#addRecord(findings, index)];
    if (kind === 'declined') return [...full, ...this.#addDeclined(findings, index)];
    return [...full, ...this.#refuse(placeOf(findings, index))];
  }

  #addPart(findings: Findings, index: number): readonly Batch[] {
    this.#large ??= this.#newLarge(findings, index);
    const large = this.#large;
    const isTooLarge = findings.kind(index) === 'too large';
    if (large !== 'skipped' && !isTooLarge) large.add(findings, index);
    if (!isTooLarge && !findings.endsRecord(index)) return none;
    this.#large = undefined;
    if (large === 'skipped') return [];
    using ended = large;
    if (ended.isDeclined) this.#declined++;
    return [...this.#endIfFull(), ...(isTooLarge ? this.#refuse(ended.place) : this.#addLarge(ended))];
  }

  #newLarge(findings: Findings, index: number): LargeRecord | 'skipped' {
    this.#records++;
    if (this.#records <= this.#skip) return 'skipped';
    const converter = new PartConverter(this.#converter, this.#entities);
    return new LargeRecord(this.#folder, converter, this.#emptyCDATA, placeOf(findings, index));
  }

  #addLarge(large: LargeRecord): readonly Batch[] {
    const { line, beginning } = large.place;
    if (large.fault !== undefined) return this.#reject(line, large.fault, told(beginning, mostTold));
    const reason = this.#checks.violationAmong((name) => large.field(name));
    if (reason !== undefined) return this.#reject(line, reason, contentOf(large.json(mostTold + 1)));
    if (large.length > mostInMemory) {
      const before = this.end();
      this.#batch.addLarge(large.toFile(this.#folder), this.#records, line);
      return before;
    }
    const json = Buffer.concat([large.json(mostInMemory), newline]);
    return this.#addLine(json, 0, large.length, line);
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
    return before;
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

  #refuse({ line, offset, beginning }: RecordPlace): readonly Batch[] {
    return this.#reject(line, `${tooLarge}; it begins at byte ${offset} of the text in UTF-8`, told(beginning, 1_000));
  }

  #reject(line: number, reason: string, content: unknown): readonly Batch[] {
    const before = this.#batch.hasRoomFor(0) ? [] : this.end();
    this.#batch.addReject({ record: this.#records, line, reason, content });
    return before;
  }

  #endIfFull(): readonly Batch[] {
    return this.#batch.records < this.#batchSize ? [] : this.end();
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    if (this.#batch.records === 0) return [];
    const batch = this.#batch.build(this.#number++);
    this.#batch = new BatchBuilder(this.#memory, sizeInMemory(batch.content));
    return [batch];
  }
}

const placeOf = (findings: Findings, index: number): RecordPlace => ({
  line: findings.line(index),
  offset: findings.offset(index),
  beginning: Buffer.from(findings.source(index).subarray(0, mostTold + 1)),
});
