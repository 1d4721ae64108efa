import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { JobError } from '../../process/job-error.ts';
import { readText, removeAll, replaceBytes, replaceText, type StoredText } from '../../process/objects.ts';
import { type Checkpoint, checkpointKey, parseCheckpoint, rejectPartKey, rejectsKey } from './checkpoint.ts';

/** Where a delivery's checkpoint and rejects lie. */
export interface ProgressPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly delivery: string;
}

/** How often others may move a checkpoint before this run gives up to take it over. */
const patience = 20;

/**
 * The checkpoint and the rejects of a delivery in S3, which belong to the run that took them over last. Two runs may have the
 * same delivery at once: a message that was sent twice, or an attempt on a machine that Batch has given up and that lives on.
 * They find the same rejects and cut them into other objects, so that those of both together would lack some. What a run
 * writes that was overtaken is written nowhere.
 */
export class StoredProgress {
  readonly #place: ProgressPlace;
  #etag: string;
  #isTakenOver = false;

  private constructor(place: ProgressPlace, etag: string) {
    this.#place = place;
    this.#etag = etag;
  }

  /**
   * Takes it over with what `begin` makes of the checkpoint that is there. One that is complete stays as it is. Rejects that a
   * run before stored and did not count any more come again, and are removed.
   */
  static async takeOver(
    place: ProgressPlace,
    begin: (earlier: Checkpoint | undefined) => Checkpoint,
  ): Promise<{ readonly stored: StoredProgress; readonly begun: Checkpoint }> {
    const { s3, bucket, delivery } = place;
    for (let round = 0; round < patience; round++) {
      const found = await readText({ s3, bucket, key: checkpointKey(delivery) });
      const begun = { ...begin(found === undefined ? undefined : parseCheckpoint(found.text)), run: randomUUID() };
      const etag = begun.complete && found !== undefined ? found.etag : await moved(place, begun, found);
      if (etag === undefined) continue;
      // Only now: whoever had it before counts none of them any more.
      await removeAll(s3, bucket, rejectsKey(delivery), (key) => key >= rejectPartKey(delivery, begun.rejectParts));
      return { stored: new StoredProgress(place, etag), begun };
    }
    throw new JobError(
      `delivering ${delivery}: others moved s3://${bucket}/${checkpointKey(delivery)} ${patience} times meanwhile; run the job again`,
    );
  }

  /** Throws JobError where another run has taken it over. */
  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    if (this.#isTakenOver) this.#throwTakenOver();
    this.#etag = (await moved(this.#place, checkpoint, { etag: this.#etag })) ?? this.#throwTakenOver();
  }

  /**
   * Throws JobError where another run has taken it over, and stored rejects there. Where that one has not come so far it
   * will: it begins at the same checkpoint, and finds what is here.
   */
  async writeRejects(part: number, lines: Uint8Array): Promise<void> {
    if (this.#isTakenOver) this.#throwTakenOver();
    const { s3, bucket, delivery } = this.#place;
    const key = rejectPartKey(delivery, part);
    for (let etag: string | undefined; ; etag = (await readText({ s3, bucket, key }))?.etag) {
      if ((await replaceBytes({ s3, bucket, key }, lines, 'application/x-ndjson', etag)) !== undefined) return;
      // What is there is of a run that was overtaken, or this one's and the answer was lost.
      const now = await readText({ s3, bucket, key: checkpointKey(delivery) });
      if (now?.etag !== this.#etag) this.#throwTakenOver();
    }
  }

  #throwTakenOver(): never {
    this.#isTakenOver = true;
    const { bucket, delivery } = this.#place;
    throw new JobError(
      `delivering ${delivery}: another run of it has begun, or somebody removed s3://${bucket}/${checkpointKey(delivery)}; a run goes on from there, and where two jobs have the same DOWNLOAD_MESSAGE one of them is too many`,
    );
  }
}

/** The new entity tag; `undefined` when somebody else was first. */
async function moved(
  { s3, bucket, delivery }: ProgressPlace,
  to: Checkpoint,
  from: Pick<StoredText, 'etag'> | undefined,
): Promise<string | undefined> {
  const place = { s3, bucket, key: checkpointKey(delivery) };
  const text = JSON.stringify(to);
  const etag = await replaceText(place, text, from?.etag);
  if (etag !== undefined) return etag;
  // Where the first answer was lost, the retry of the very same write is refused.
  const now = await readText(place);
  return now?.text === text ? now.etag : undefined;
}
