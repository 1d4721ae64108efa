import type { SnapshotMessage } from '../../messages/feed-message.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { declaredEntities, expandEntities } from '../../xml/entities.ts';
import type { Findings } from '../kernel/findings.ts';
import { LargeMemory } from '../large-records/large-memory.ts';
import { LargeRecord, type RecordPlace } from '../large-records/large-record.ts';
import { PartConverter } from '../large-records/part-converter.ts';
import { type Batch, BatchBuilder, mostTogether } from './batch.ts';
import { BatchMemory } from './batch-memory.ts';
import { sizeInMemory } from './content.ts';
import { FieldChecks } from './field-check.ts';
import { RecordConverter, UnreadableRecord } from './record-object.ts';
import { contentOf, mostTold, textOf, told } from './reject-content.ts';

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

const tooLarge = 'it has more than 64 MB';

/** Makes batches of what the kernel finds; what it declines is read by xml2js. */
export class Batcher implements Disposable {
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
  readonly #full: Batch[] = [];
  /** The record that comes in parts. */
  #largeMemory: LargeMemory | undefined;
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
    for (let index = 0; index < findings.count; index++) {
      const kind = findings.kind(index);
      if (kind === 'doctype') this.#entities = declaredEntities(textOf(findings.source(index)));
      else if (kind === 'opened' || this.#large !== undefined) this.#addPart(findings, index);
      else this.#addWhole(findings, index);
    }
    // The kernel's memory is about to change.
    this.#batch.copy();
    return this.#made();
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    if (this.#batch.records > 0) this.#endBatch();
    return this.#made();
  }

  /** Lets go of a record that has not come to its end. */
  [Symbol.dispose](): void {
    if (this.#large !== 'skipped') this.#large?.[Symbol.dispose]();
  }

  #addWhole(findings: Findings, index: number): void {
    const kind = findings.kind(index);
    this.#records++;
    if (kind === 'declined') this.#declined++;
    if (this.#records <= this.#skip) return;
    if (kind === 'record') this.#addRecord(findings, index);
    else if (kind === 'declined') this.#addDeclined(findings, index);
    else if (kind === 'too large') this.#refuse(placeOf(findings, index));
    else throw new Error(`the kernel gave "${kind}", and no large record is open`);
  }

  #addRecord(findings: Findings, index: number): void {
    const { bytes } = findings;
    const start = findings.jsonStart(index);
    const end = findings.jsonEnd(index);
    const reason = this.#checks.violation(findings, index);
    if (reason === undefined) this.#addLine(bytes, start, end, findings.line(index));
    else this.#reject(findings.line(index), reason, contentOf(bytes.subarray(start, end)));
  }

  #addDeclined(findings: Findings, index: number): void {
    const line = findings.line(index);
    const source = findings.source(index);
    try {
      const value = this.#converter.convert(expandEntities(textOf(source), this.#entities));
      const reason = this.#checks.violationOf(value);
      const json = Buffer.from(`${JSON.stringify(value)}\n`);
      if (reason === undefined) this.#addLine(json, 0, json.length - 1, line);
      else this.#reject(line, reason, contentOf(json.subarray(0, -1)));
    } catch (error) {
      // What is wrong with the feed, such as a bomb of entities, is wrong with all of it.
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#reject(line, error.message, told(source, mostTold));
    }
  }

  #addPart(findings: Findings, index: number): void {
    this.#large ??= this.#newLarge(findings, index);
    const large = this.#large;
    const isTooLarge = findings.kind(index) === 'too large';
    if (large !== 'skipped' && !isTooLarge) large.add(findings, index);
    if (!isTooLarge && !findings.endsRecord(index)) return;
    this.#large = undefined;
    if (large !== 'skipped') this.#endLarge(large, isTooLarge);
  }

  #newLarge(findings: Findings, index: number): LargeRecord | 'skipped' {
    this.#records++;
    if (this.#records <= this.#skip) return 'skipped';
    const converter = new PartConverter(this.#converter, this.#entities);
    this.#largeMemory ??= new LargeMemory();
    const place = placeOf(findings, index);
    return new LargeRecord(this.#folder, this.#largeMemory, converter, this.#emptyCDATA, place);
  }

  #endLarge(ended: LargeRecord, isTooLarge: boolean): void {
    using large = ended;
    if (large.isDeclined) this.#declined++;
    if (isTooLarge) this.#refuse(large.place);
    else this.#addLarge(large);
  }

  #addLarge(large: LargeRecord): void {
    const { line, beginning } = large.place;
    const reason = large.fault ?? this.#checks.violationAmong((name, needsText) => large.field(name, needsText));
    if (reason === undefined) this.#addJson(large);
    else
      this.#reject(
        line,
        reason,
        large.fault === undefined ? contentOf(large.firstBytes(mostTold + 1)) : told(beginning, mostTold),
      );
  }

  #addJson(large: LargeRecord): void {
    const { line } = large.place;
    this.#makeRoom(large.length);
    if (large.length > mostTogether) this.#batch.addLarge(large.toFile(), this.#records, line);
    else this.#batch.addPieces(large.pieces(), large.length, this.#records, line);
  }

  #addLine(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.#makeRoom(end - start);
    this.#batch.addLine(bytes, start, end, this.#records, line);
  }

  #refuse({ line, offset, beginning }: RecordPlace): void {
    this.#reject(line, `${tooLarge}; it begins at byte ${offset} of the text in UTF-8`, told(beginning, 1_000));
  }

  #reject(line: number, reason: string, content: unknown): void {
    this.#makeRoom(0);
    this.#batch.addReject({ record: this.#records, line, reason, content });
  }

  /** Another record of so many bytes of JSON comes: the batch ends where it has no room for it. */
  #makeRoom(bytes: number): void {
    if (this.#batch.records >= this.#batchSize || !this.#batch.hasRoomFor(bytes)) this.#endBatch();
  }

  #endBatch(): void {
    const batch = this.#batch.build(this.#number++);
    this.#batch = new BatchBuilder(this.#memory, sizeInMemory(batch.content));
    this.#full.push(batch);
  }

  /** The batches that are made; they are the caller's now. */
  #made(): readonly Batch[] {
    return this.#full.splice(0);
  }
}

const placeOf = (findings: Findings, index: number): RecordPlace => ({
  line: findings.line(index),
  offset: findings.offset(index),
  beginning: findings.source(index).subarray(0, mostTold + 1),
});
