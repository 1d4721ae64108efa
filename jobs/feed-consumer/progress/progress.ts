import { type Reject, weightOfRejects } from './rejects.ts';

/** What of a delivery is done when one of its batches is, or when all so far are. */
export interface Covered {
  /** Records of the feed, those that were left out between those of the batch included. */
  readonly records: number;
  /** Those of them that were left out because they did not change. */
  readonly unchanged: number;
  readonly deletions: number;
  /** Records that could not be read, or break a rule of a field: rejects that nobody was asked about. */
  readonly withheld: number;
}

/** Batches that may wait for the first unfinished one. */
const mostWaiting = 1_000;

/** What became of a batch. */
export interface BatchOutcome {
  readonly covers: Covered;
  readonly rejects: readonly Reject[];
}

/**
 * How far a delivery has come without a gap. Batches end in any order, and only what lies before the first unfinished one
 * may be skipped by the next attempt: with 0, 1 and 3 done it stands behind 1; 2 moves it behind 3.
 */
export class Progress {
  readonly #waiting = new Map<number, BatchOutcome>();
  #weight = 0;
  #batches: number;
  #covered: Covered;

  constructor(start: Covered & { readonly batches: number }) {
    const { records, unchanged, deletions, withheld } = start;
    this.#batches = start.batches;
    this.#covered = { records, unchanged, deletions, withheld };
  }

  get now(): Covered & { readonly batches: number } {
    return { batches: this.#batches, ...this.#covered };
  }

  /** Whether as many batches wait for the first unfinished one as may: what became of them is held until that has ended. */
  get isFarAhead(): boolean {
    return this.#waiting.size >= mostWaiting;
  }

  /** Bytes of memory that the rejects take which wait with their batches. */
  get weight(): number {
    return this.#weight;
  }

  /** Notes the end of a batch and gives the rejects by which the gapless part grew, in the order of the feed. */
  finish(number: number, outcome: BatchOutcome): readonly Reject[] {
    this.#waiting.set(number, outcome);
    this.#weight += weightOfRejects(outcome.rejects);
    const rejects: Reject[] = [];
    for (let next = this.#waiting.get(this.#batches); next !== undefined; next = this.#waiting.get(this.#batches)) {
      this.#waiting.delete(this.#batches);
      this.#weight -= weightOfRejects(next.rejects);
      this.#batches++;
      this.#covered = sum(this.#covered, next.covers);
      rejects.push(...next.rejects);
    }
    return rejects;
  }
}

const sum = (a: Covered, b: Covered): Covered => ({
  records: a.records + b.records,
  unchanged: a.unchanged + b.unchanged,
  deletions: a.deletions + b.deletions,
  withheld: a.withheld + b.withheld,
});
