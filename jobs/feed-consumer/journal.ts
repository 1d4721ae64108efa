import type { S3Client } from '@aws-sdk/client-s3';
import { readText, writeText } from '../process/objects.ts';
import { type Checkpoint, checkpointKey, parseCheckpoint, rejectsKey } from './checkpoint.ts';
import { type BatchOutcome, Progress } from './progress.ts';
import { Rejects } from './rejects.ts';

/** Milliseconds between two checkpoints: what a lost attempt repeats, against what writing costs. */
const interval = 2_000;

/** Where a delivery's checkpoint and rejects lie. */
export interface JournalPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly messageId: string;
}

/** The memory of a delivery beyond one attempt: its progress and its rejects, in S3. */
export class Journal {
  readonly #place: JournalPlace;
  readonly #begun: Checkpoint;
  readonly #progress: Progress;
  readonly #rejects: Rejects;
  #savedRejects: number;
  #savedAt = performance.now();
  #saving = false;

  private constructor(place: JournalPlace, begun: Checkpoint, rejects: Rejects) {
    this.#place = place;
    this.#begun = begun;
    this.#progress = new Progress(begun);
    this.#rejects = rejects;
    this.#savedRejects = rejects.count;
  }

  /**
   * Opens what an earlier attempt left for the same destination, or begins anew. The batch size is noted before the
   * first batch is sent: a batch that was delivered but not checkpointed must come again under its number, unchanged.
   */
  static async open(place: JournalPlace, destination: string, batchSize: number): Promise<Journal> {
    const { s3, bucket, messageId } = place;
    const stored = await readText(s3, bucket, checkpointKey(messageId));
    const earlier = stored === undefined ? undefined : parseCheckpoint(stored.text);
    if (earlier?.destination === destination) {
      const rejects = earlier.rejected === 0 ? undefined : await readText(s3, bucket, rejectsKey(messageId));
      return new Journal(place, earlier, new Rejects(rejects?.text ?? '', earlier.rejected));
    }
    const first = { version: 1, destination, batchSize, batches: 0, records: 0, rejected: 0, complete: false } as const;
    const journal = new Journal(place, first, new Rejects('', 0));
    await journal.save(false);
    return journal;
  }

  /** What the next attempt would find if it were saved now. */
  get now(): Checkpoint {
    const { batches, records } = this.#progress;
    return { ...this.#begun, batches, records, rejected: this.#rejects.count };
  }

  /** Notes the end of a batch; saves now and then, and says whether it did. Throws JobError when too much is refused. */
  async finish(batch: number, outcome: BatchOutcome): Promise<boolean> {
    for (const reject of this.#progress.finish(batch, outcome)) this.#rejects.add(reject);
    // All of them are in before this may end the attempt: the progress counts them already.
    this.#rejects.check();
    if (this.#saving || performance.now() - this.#savedAt < interval) return false;
    this.#saving = true;
    try {
      await this.save(false);
      return true;
    } finally {
      this.#saving = false;
    }
  }

  /** The rejects go first: a checkpoint never counts one that is not in the file. */
  async save(complete: boolean): Promise<void> {
    const { s3, bucket, messageId } = this.#place;
    const checkpoint = { ...this.now, complete };
    if (checkpoint.rejected > this.#savedRejects)
      await writeText(s3, bucket, rejectsKey(messageId), this.#rejects.text(), 'application/x-ndjson');
    this.#savedRejects = checkpoint.rejected;
    await writeText(s3, bucket, checkpointKey(messageId), JSON.stringify(checkpoint), 'application/json');
    this.#savedAt = performance.now();
  }
}
