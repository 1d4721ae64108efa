import type { SnapshotMessage } from '../../messages/feed-message.ts';
import { ObjectSweep } from '../../process/object-sweep.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { declaredEntities, expandEntities } from '../../xml/entities.ts';
import type { Findings } from '../kernel/findings.ts';
import type { LargeRecord, RecordPlace } from '../large-records/large-record.ts';
import { LargeRecords } from '../large-records/large-records.ts';
import { rejectOf } from '../progress/rejects.ts';
import type { Batch } from './batch.ts';
import { BatchSeries } from './batch-series.ts';
import { FieldChecks } from './field-check.ts';
import { RecordConverter, UnreadableRecord } from './record-object.ts';
import { contentOf, mostTold, textOf, toldText } from './reject-content.ts';

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

const tooLarge = 'it has more than 64 MiB';
/** Bytes that are told of such a record: enough to find it in the feed. */
const toldOfTooLarge = 1_000;

/** Makes batches of what the kernel finds; what it declines is read by xml2js. */
export class Batcher implements Disposable {
  readonly #checks: FieldChecks;
  readonly #converter: RecordConverter;
  readonly #large: LargeRecords;
  readonly #batches: BatchSeries;
  readonly #skip: number;
  #records = 0;
  #declined = 0;
  #entities: ReadonlyMap<string, string> = new Map();
  readonly #sweep = new ObjectSweep();

  constructor({ emptyCDATA, fields }: SnapshotMessage, batchSize: number, start: Start, folder: WorkFolder) {
    this.#checks = new FieldChecks(fields);
    this.#converter = new RecordConverter(emptyCDATA);
    this.#large = new LargeRecords(folder, this.#converter);
    this.#batches = new BatchSeries(batchSize, start.batches);
    this.#skip = start.records;
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
      else if (kind === 'opened' || this.#large.isOpen) this.#addPart(findings, index);
      else this.#addWhole(findings, index);
    }
    // The kernel's memory is about to change.
    this.#batches.copy();
    return this.#batches.takeMade();
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    this.#batches.end();
    return this.#batches.takeMade();
  }

  /** Lets go of a record that has not come to its end. */
  [Symbol.dispose](): void {
    this.#large[Symbol.dispose]();
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
    if (reason === undefined) this.#batches.addLine(bytes, start, end, this.#records, findings.line(index));
    else this.#reject(findings.line(index), reason, contentOf(bytes.subarray(start, end)));
  }

  #addDeclined(findings: Findings, index: number): void {
    const line = findings.line(index);
    const source = findings.source(index);
    try {
      const value = this.#converter.convert(expandEntities(textOf(source), this.#entities));
      const reason = this.#checks.violationOf(value);
      const json = Buffer.from(`${JSON.stringify(value)}\n`);
      if (reason === undefined) this.#batches.addLine(json, 0, json.length - 1, this.#records, line);
      else this.#reject(line, reason, contentOf(json.subarray(0, -1)));
    } catch (error) {
      // What is wrong with the feed, such as a bomb of entities, is wrong with all of it.
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#reject(line, error.message, toldText(source, mostTold));
    }
  }

  #addPart(findings: Findings, index: number): void {
    if (!this.#large.isOpen) this.#beginLarge(findings, index);
    using ended = this.#large.add(findings, index);
    if (ended === undefined) return;
    if (ended.isDeclined) this.#declined++;
    if (findings.kind(index) === 'too large') this.#refuse(ended.place);
    else this.#addLarge(ended);
  }

  #beginLarge(findings: Findings, index: number): void {
    this.#records++;
    if (this.#records <= this.#skip) this.#large.skip();
    else this.#large.begin(placeOf(findings, index), this.#entities);
  }

  #addLarge(large: LargeRecord): void {
    const { line, beginning } = large.place;
    const { fault } = large;
    const reason = fault ?? this.#checks.violationAmong((name, needsText) => large.field(name, needsText));
    if (reason === undefined) this.#batches.addLarge(large, this.#records);
    else if (fault === undefined) this.#reject(line, reason, contentOf(large.firstBytes(mostTold + 1)));
    else this.#reject(line, reason, toldText(beginning, mostTold));
  }

  #refuse({ line, offset, beginning }: RecordPlace): void {
    this.#reject(
      line,
      `${tooLarge}; it begins at byte ${offset} of the text in UTF-8`,
      toldText(beginning, toldOfTooLarge),
    );
  }

  #reject(line: number, reason: string, content: Uint8Array): void {
    this.#batches.addReject(rejectOf({ record: this.#records, line }, reason, content));
    this.#sweep.passed(content.length);
  }
}

const placeOf = (findings: Findings, index: number): RecordPlace => ({
  line: findings.line(index),
  offset: findings.offset(index),
  beginning: findings.source(index).subarray(0, mostTold + 1),
});
