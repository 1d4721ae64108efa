import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { paginateListObjectsV2, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { s3Client } from '../../process/clients.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { ObjectSweep } from '../../process/object-sweep.ts';
import { removeObjects } from '../../process/objects.ts';
import type { Answer, Body, Delivery, Destination, DestinationKind, Parcel, Totals } from './destination.ts';

interface Place {
  readonly bucket: string;
  /** What all keys of the delivery begin with; it ends in a slash. */
  readonly folder: string;
}

interface Part {
  readonly key: string;
  readonly bytes: number;
}

/**
 * One piece of 5 MiB at a time, the smallest that S3 takes; what is smaller goes in one request:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const pieces = { queueSize: 1, partSize: 5 * 1024 * 1024 };

/** Batches of more bytes go one after the other. */
const large = 2 * 1024 * 1024;

/**
 * A bucket: `s3://BUCKET/PREFIX`. Each batch becomes `<prefix>/<feed type>/<message id>/part-<batch>.ndjson.gz`, and when
 * all are there `manifest.json` beside them lists them: `{ version: 1, id, type, delivery, snapshot, …, parts: [{ key, bytes }]
 * }`, bytes as they are stored. Who reads waits for the manifest. Each part of a feed (array jobs) has its folder and its
 * manifest. The job's role needs `readWrite` on the bucket.
 */
export const s3Destination: DestinationKind = (environment, url) => {
  const path = decodedPath(url);
  if (path === undefined) environment.refuse('DESTINATION_URL', 'must have each "%" of its prefix written as "%25"');
  if (url.hostname === '' || url.search !== '' || url.username !== '' || url.port !== '')
    environment.refuse('DESTINATION_URL', 'must be of the form s3://BUCKET/PREFIX');
  return (delivery) => {
    const prefix = (path ?? '').replace(/^\/+|\/+$/g, '');
    const folder = [prefix, delivery.feedType, delivery.id, ''].filter((each, at) => each !== '' || at > 0).join('/');
    return new S3Destination(s3Client(), { bucket: url.hostname, folder }, delivery);
  };
};

/** `undefined` where a `%` begins no byte of a character. */
function decodedPath({ pathname }: URL): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

class S3Destination implements Destination {
  readonly #s3: S3Client;
  readonly #place: Place;
  readonly #delivery: Delivery;
  readonly #sweep = new ObjectSweep();
  #latestLarge: Promise<unknown> = Promise.resolve();

  constructor(s3: S3Client, place: Place, delivery: Delivery) {
    this.#s3 = s3;
    this.#place = place;
    this.#delivery = delivery;
  }

  /** Parts of an abandoned delivery in batches of another size would be listed with those of this one. */
  async begin(): Promise<void> {
    // First the manifest: nobody is to read of parts that are gone.
    const keys = [this.#manifest, ...(await this.#stored()).map(({ key }) => key)];
    await removeObjects(this.#s3, this.#place.bucket, keys);
  }

  async send({ key, body }: Parcel): Promise<Answer> {
    const put = (): Promise<Answer> => this.#put(this.#keyOf(key), 'application/gzip', async () => this.#gzipped(body));
    if (body.length <= large) return await put();
    // What an upload gathers of them is larger than what the others hold together.
    const answer = this.#latestLarge.then(put);
    this.#latestLarge = answer.catch(() => {});
    return await answer;
  }

  async finish(totals: Totals): Promise<Answer> {
    const { id, feedType: type, kind: delivery, snapshot, sequence, records: recordsOfFeed, part } = this.#delivery;
    const { batches: _, ...sent } = totals;
    const about = { version: 1, id, type, delivery, snapshot, sequence, part, recordsOfFeed, ...sent };
    return await this.#put(this.#manifest, 'application/json', async () =>
      Buffer.from(JSON.stringify({ ...about, parts: await this.#stored() })),
    );
  }

  async #put(Key: string, ContentType: string, content: () => Promise<Uint8Array | Readable>): Promise<Answer> {
    const { abort } = this.#delivery;
    try {
      const params = { Bucket: this.#place.bucket, Key, Body: await content(), ContentType };
      // It may have waited for others.
      abort.throwIfAborted();
      const upload = new Upload({ client: this.#s3, params, ...pieces });
      const cut = (): void => void upload.abort();
      abort.addEventListener('abort', cut, { once: true });
      await upload.done().finally(() => abort.removeEventListener('abort', cut));
      this.#sweep.look();
      return { kind: 'accepted', refused: [] };
    } catch (error) {
      if (abort.aborted || error instanceof JobError) throw error;
      return answerTo(error);
    }
  }

  /** What goes wrong in reading the body is an error of the stream that comes of it. */
  #gzipped(body: Body): Readable {
    return pipeline(Readable.from(this.#piecesOf(body)), createGzip({ chunkSize: 256 * 1024 }), () => {});
  }

  async *#piecesOf(body: Body): AsyncGenerator<Uint8Array> {
    for await (const piece of body.pieces()) {
      yield piece;
      this.#sweep.look();
    }
  }

  get #manifest(): string {
    return `${this.#place.folder}manifest.json`;
  }

  /** The parts that lie in the folder, in order; not the manifest. */
  async #stored(): Promise<readonly Part[]> {
    const { bucket: Bucket, folder: Prefix } = this.#place;
    const parts: Part[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#s3 }, { Bucket, Prefix }))
      for (const { Key = '', Size = 0 } of Contents)
        if (Key.startsWith(`${Prefix}part-`)) parts.push({ key: Key, bytes: Size });
    return parts;
  }

  /** `part-000012.ndjson.gz`: keys that sort in the order of the feed up to a million batches. */
  #keyOf(parcel: string): string {
    const batch = parcel.slice(this.#delivery.id.length + 1);
    return `${this.#place.folder}part-${batch.padStart(6, '0')}.ndjson.gz`;
  }
}

/** The SDK itself retries what is its own fault, so what comes here has lasted. */
function answerTo(error: unknown): Answer {
  if (!(error instanceof S3ServiceException)) return { kind: 'busy', cause: 'network', reason: reasonOf(error) };
  const reason = `S3 answered ${error.name}: ${error.message}`;
  const status = error.$metadata.httpStatusCode ?? 500;
  return status >= 500 || status === 429 ? { kind: 'busy', cause: error.name, reason } : { kind: 'hopeless', reason };
}
