import type { S3Client } from '@aws-sdk/client-s3';
import { readText, removeAll, writeText } from '../../process/objects.ts';
import { type Checkpoint, checkpointKey, parseCheckpoint, rejectPartKey, rejectsKey } from './checkpoint.ts';
import { type BatchOutcome, Progress } from './progress.ts';
import { type Reject, Rejects } from './rejects.ts';

/** Where a delivery's checkpoint and rejects lie, and how often they are written. */
export interface JournalPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly delivery: string;
  /** Milliseconds between two checkpoints: what a lost attempt repeats, against what writing costs. */
  readonly interval: number;
  /** Records of the feed before those that are read. */
  readonly recordsBefore: number;
}

const nothing = {
  batches: 0,
  records: 0,
  unchanged: 0,
  deletions: 0,
  withheld: 0,
  rejected: 0,
  rejectParts: 0,
} as const;

/** The memory of a delivery beyond one attempt: its progress and its rejects, in S3. */
export class Journal {
  readonly #place: JournalPlace;
  readonly #begun: Checkpoint;
  readonly #progress: Progress;
  readonly #rejects: Rejects;
  /** Objects that hold the rejects which are stored. */
  #rejectParts: number;
  #savedAt = performance.now();
  #saving: Promise<void> | undefined;

  private constructor(place: JournalPlace, begun: Checkpoint) {
    this.#place = place;
    this.#begun = begun;
    this.#progress = new Progress(begun);
    this.#rejects = new Rejects(begun.rejected);
    this.#rejectParts = begun.rejectParts;
  }

  /**
   * Opens what an earlier attempt left for the same destination, or begins anew. The batch size is noted before the
   * first batch is sent: a batch that was delivered but not checkpointed must come again under its number, unchanged. It
   * stays the same for another destination, since this one may have its turn again.
   */
  static async open(place: JournalPlace, destination: string, batchSize: number): Promise<Journal> {
    const { s3, bucket, delivery } = place;
    const stored = await readText(s3, bucket, checkpointKey(delivery));
    const earlier = stored === undefined ? undefined : parseCheckpoint(stored.text);
    const isSame = earlier?.destination === destination;
    // Rejects that an attempt stored and did not count any more come again.
    const counted = isSame ? earlier.rejectParts : 0;
    await removeAll(s3, bucket, rejectsKey(delivery), (key) => key >= rejectPartKey(delivery, counted));
    if (isSame) return new Journal(place, earlier);
    const first: Checkpoint = {
      version: 1,
      destination,
      batchSize: earlier?.batchSize ?? batchSize,
      ...nothing,
      complete: false,
    };
    const journal = new Journal(place, first);
    await journal.save(false);
    return journal;
  }

  /** What the next attempt would find if it were saved now. */
  get now(): Checkpoint {
    return {
      ...this.#begun,
      ...this.#progress.now,
      rejected: this.#rejects.count,
      rejectParts: this.#rejectParts + (this.#rejects.pending.length > 0 ? 1 : 0),
    };
  }

  /** Notes the end of a batch; saves now and then, and says whether it did. Throws RefusalError when too much is refused. */
  async finish(batch: number, outcome: BatchOutcome): Promise<boolean> {
    for (const reject of this.#progress.finish(batch, outcome)) this.#rejects.add(this.#placed(reject));
    // All of them are in before this may end the attempt: the progress counts them already.
    this.#rejects.check();
    if (this.#saving !== undefined) {
      if (this.#rejects.areMany) await this.#saving;
      return false;
    }
    if (!this.#rejects.areMany && performance.now() - this.#savedAt < this.#place.interval) return false;
    this.#saving = this.save(false);
    try {
      await this.#saving;
      return true;
    } finally {
      this.#saving = undefined;
    }
  }

  /** Whether batches have ended so far ahead of the first unfinished one that it is to be waited for. */
  get isFarAhead(): boolean {
    return this.#progress.isFarAhead;
  }

  /** Rejects tell the place in the whole feed. */
  #placed(reject: Reject): Reject {
    return reject.record === 0 ? reject : { ...reject, record: reject.record + this.#place.recordsBefore };
  }

  async save(complete: boolean): Promise<void> {
    await this.#write({ ...this.now, complete });
  }

  /** Keeps the rejects for who wants to know why, but nothing as done: the next attempt tries every record again. */
  async startOver(): Promise<void> {
    await this.#write({ ...this.#begun, ...nothing });
  }

  /**
   * The rejects go first: a checkpoint never counts one that is not stored. Where only they were written, the next attempt
   * writes what comes in their place.
   */
  async #write(checkpoint: Checkpoint): Promise<void> {
    const { s3, bucket, delivery } = this.#place;
    const { pending } = this.#rejects;
    const stored = pending.length;
    const part = rejectPartKey(delivery, this.#rejectParts);
    if (stored > 0) await writeText(s3, bucket, part, pending.join(''), 'application/x-ndjson');
    await writeText(s3, bucket, checkpointKey(delivery), JSON.stringify(checkpoint), 'application/json');
    if (stored > 0) this.#rejectParts++;
    this.#rejects.forget(stored);
    this.#savedAt = performance.now();
  }
}
