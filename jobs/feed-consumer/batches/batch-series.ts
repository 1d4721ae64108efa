import type { LargeRecord } from '../large-records/large-record.ts';
import type { Reject } from '../progress/rejects.ts';
import { type Batch, BatchBuilder, mostTogether } from './batch.ts';
import { BatchMemory } from './batch-memory.ts';
import { sizeInMemory } from './content.ts';

/** Fills batches, one after the other, with records in the order in which they come. */
export class BatchSeries {
  readonly #batchSize: number;
  readonly #memory = new BatchMemory();
  readonly #full: Batch[] = [];
  #number: number;
  #batch = new BatchBuilder(this.#memory, 0);

  /** `first`: the number of the first batch. */
  constructor(batchSize: number, first: number) {
    this.#batchSize = batchSize;
    this.#number = first;
  }

  /** JSON with a newline at `end`, in memory that keeps its content until `copy` is called. */
  addLine(source: Uint8Array, start: number, end: number, record: number, line: number): void {
    this.#makeRoom(end - start);
    this.#batch.addLine(source, start, end, record, line);
  }

  /** A record that has come to its end in a file. */
  addLarge(large: LargeRecord, record: number): void {
    const { line } = large.place;
    this.#makeRoom(large.length);
    if (large.length > mostTogether) this.#batch.addLarge(large.toFile(), record, line);
    else this.#batch.addPieces(large.pieces(), large.length, record, line);
  }

  addReject(reject: Reject): void {
    this.#makeRoom(0);
    this.#batch.addReject(reject);
  }

  copy(): void {
    this.#batch.copy();
  }

  /** What is there becomes a batch, if anything is. */
  end(): void {
    if (this.#batch.records > 0) this.#endBatch();
  }

  /** The batches that are made; they are the caller's now. */
  takeMade(): readonly Batch[] {
    return this.#full.splice(0);
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
}
