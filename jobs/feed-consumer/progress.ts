import type { Start } from './batches.ts';
import type { Reject } from './rejects.ts';

/** What became of a batch: how many records it had, and which of them were refused. */
export interface BatchOutcome {
  readonly records: number;
  readonly rejects: readonly Reject[];
}

/**
 * How far a delivery has come without a gap. Batches end in any order, and only what lies before the first unfinished one
 * may be skipped by the next attempt: with 0, 1 and 3 done it stands behind 1; 2 moves it behind 3.
 */
export class Progress {
  readonly #waiting = new Map<number, BatchOutcome>();
  #batches: number;
  #records: number;

  constructor(start: Start) {
    this.#batches = start.batches;
    this.#records = start.records;
  }

  get batches(): number {
    return this.#batches;
  }

  get records(): number {
    return this.#records;
  }

  /** Notes the end of a batch and gives the rejects by which the gapless part grew, in the order of the feed. */
  finish(number: number, outcome: BatchOutcome): readonly Reject[] {
    this.#waiting.set(number, outcome);
    const rejects: Reject[] = [];
    for (let next = this.#waiting.get(this.#batches); next !== undefined; next = this.#waiting.get(this.#batches)) {
      this.#waiting.delete(this.#batches);
      this.#batches++;
      this.#records += next.records;
      rejects.push(...next.rejects);
    }
    return rejects;
  }
}
