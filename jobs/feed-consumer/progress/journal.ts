import { ObjectSweep } from '../../process/object-sweep.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type BatchOutcome, Progress } from './progress.ts';
import { Rejects, weightOfRejects } from './rejects.ts';
import { type ProgressPlace, StoredProgress } from './stored-progress.ts';

/** Where a delivery's checkpoint and rejects lie, and how often they are written. */
export interface JournalPlace extends ProgressPlace {
  /** Milliseconds between two checkpoints: what a lost attempt repeats, against what writing costs. */
  readonly interval: number;
  /** Records of the feed before those that are read. */
  readonly recordsBefore: number;
}

/** The counts of a delivery that has not begun. */
const noProgress = {
  batches: 0,
  records: 0,
  unchanged: 0,
  deletions: 0,
  withheld: 0,
  rejected: 0,
  rejectParts: 0,
} as const;

/** Bytes of rejects that may be held, which wait for the first unfinished batch or to be stored. */
const mostWeight = 2 * 1024 * 1024;

/** Records between two looks at how much memory they left behind. A look takes no time. */
const lookAfter = 50_000;

/** The memory of a delivery beyond one attempt: its progress and its rejects, in S3. */
export class Journal {
  readonly #stored: StoredProgress;
  readonly #interval: number;
  readonly #begun: Checkpoint;
  readonly #progress: Progress;
  readonly #rejects: Rejects;
  /** Objects that hold the rejects which are stored. */
  #rejectParts: number;
  readonly #rejectSweep = new ObjectSweep();
  readonly #recordSweep = new ObjectSweep(lookAfter);
  #savedAt = performance.now();
  #saving: Promise<void> | undefined;

  private constructor({ interval, recordsBefore }: JournalPlace, stored: StoredProgress, begun: Checkpoint) {
    this.#stored = stored;
    this.#interval = interval;
    this.#begun = begun;
    this.#progress = new Progress(begun);
    this.#rejects = new Rejects(begun.rejected, recordsBefore);
    this.#rejectParts = begun.rejectParts;
  }

  /**
   * Opens what an earlier attempt left for the same destination, or begins anew. The batch size is noted before the
   * first batch is sent: a batch that was delivered but not checkpointed must come again under its number, unchanged. It
   * stays the same for another destination, since this one may have its turn again.
   */
  static async open(place: JournalPlace, destination: string, batchSize: number): Promise<Journal> {
    const { stored, begun } = await StoredProgress.takeOver(place, (earlier) =>
      earlier?.destination === destination
        ? earlier
        : { version: 1, destination, batchSize: earlier?.batchSize ?? batchSize, ...noProgress, complete: false },
    );
    return new Journal(place, stored, begun);
  }

  /** What the next attempt would find if it were saved now. */
  get now(): Checkpoint {
    return {
      ...this.#begun,
      ...this.#progress.now,
      rejected: this.#rejects.count,
      rejectParts: this.#rejectParts,
    };
  }

  /** Notes the end of a batch; saves now and then, and says whether it did. */
  async finish(batch: number, outcome: BatchOutcome): Promise<boolean> {
    this.#rejectSweep.passed(weightOfRejects(outcome.rejects));
    this.#recordSweep.passed(outcome.covers.records);
    for (const reject of this.#progress.finish(batch, outcome)) this.#rejects.add(reject);
    if (this.#saving !== undefined && this.#rejects.areMany) await this.#saving;
    // Another that waited may have begun to save what has come together.
    if (this.#saving !== undefined || !this.#isTime) return false;
    this.#saving = this.save(false);
    try {
      await this.#saving;
      return true;
    } finally {
      this.#saving = undefined;
    }
  }

  get #isTime(): boolean {
    return this.#rejects.areMany || performance.now() - this.#savedAt >= this.#interval;
  }

  /** Whether so much is held behind the first unfinished batch that nothing more may begin before that one has ended. */
  get isFarAhead(): boolean {
    return this.#progress.isFarAhead || this.weight >= mostWeight;
  }

  /** Bytes of memory that rejects take which are not stored. */
  get weight(): number {
    return this.#progress.weight + this.#rejects.weight;
  }

  async save(complete: boolean): Promise<void> {
    const { now } = this;
    await this.#storeRejects();
    await this.#write({ ...now, rejectParts: this.#rejectParts, complete });
  }

  /** Keeps the rejects for who wants to know why, but nothing as done: the next attempt tries every record again. */
  async startOver(): Promise<void> {
    await this.#storeRejects();
    await this.#write({ ...this.#begun, ...noProgress });
  }

  /**
   * They go before the checkpoint, which never counts one that is not stored. Where only they were written, the next
   * attempt writes what comes in their place.
   */
  async #storeRejects(): Promise<void> {
    for (let left = this.#rejects.pending; left > 0; ) {
      const { count, lines } = this.#rejects.next(left);
      await this.#stored.writeRejects(this.#rejectParts, lines);
      this.#rejectParts++;
      this.#rejects.forget(count);
      left -= count;
    }
  }

  async #write(checkpoint: Checkpoint): Promise<void> {
    await this.#stored.writeCheckpoint(checkpoint);
    this.#savedAt = performance.now();
  }
}
