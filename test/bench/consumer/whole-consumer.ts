import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { consumeFeed } from '../../../jobs/feed-consumer/consume-feed.ts';
import type { Destination, Parcel } from '../../../jobs/feed-consumer/destinations/destination.ts';
import type { Allowance } from '../../../jobs/feed-consumer/progress/allowance.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import type { FieldRules } from '../../../jobs/messages/field-rules.ts';
import { JsonFields } from '../../../jobs/messages/json-fields.ts';

/** What the watcher would have told of a feed; beside it, as `<feed>.json`. */
export interface FeedFacts {
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
}

/** Large reads: each is a way to another thread and back. Of gzip a read is several times as much content. */
const readBytes = { plain: 1024 * 1024, gzip: 256 * 1024 };

/** The object is the one that the message tells of. */
const entityTag = '"1"';

const fields: FieldRules = {
  title: { required: true, maxLength: 200 },
  date: { required: true, type: 'date' },
  url: { required: true, type: 'url' },
  referencenumber: { required: true },
  country: { type: 'enum', values: ['US', 'GB', 'DE', 'CH', 'BR', 'JP'] },
};

function readFacts(text: string): FeedFacts {
  const read = JsonFields.parse('the facts about the feed', text);
  const facts = { sha256: read.text('sha256'), bytes: read.count('bytes'), records: read.count('records') };
  read.check();
  return facts;
}

/** Takes every parcel at once, with its bytes looked at. */
class NullDestination implements Destination {
  records = 0;

  async send({ body, records }: Parcel): Promise<{ kind: 'accepted'; refused: [] }> {
    let last: number | undefined;
    for await (const piece of body.pieces()) last = piece[piece.length - 1];
    if (last !== 0x0a) throw new Error('a parcel does not end with a line');
    this.records += records;
    return { kind: 'accepted', refused: [] };
  }
}

/** An S3 with one object, which is a file; it has no checkpoint and takes what is written. */
function fileS3(file: string, size: number): S3Client {
  const highWaterMark = file.endsWith('.gz') ? readBytes.gzip : readBytes.plain;
  const nothing = '<ListBucketResult></ListBucketResult>';
  const missing = '<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>';
  const answer = (method: string, path: string, query: object) => {
    if ('list-type' in query) return { statusCode: 200, headers: {}, body: Readable.from([nothing]) };
    if (method !== 'GET') return { statusCode: 200, headers: { etag: '"1"' }, body: Readable.from([]) };
    if (!path.endsWith('/feed')) return { statusCode: 404, headers: {}, body: Readable.from([missing]) };
    return {
      statusCode: 200,
      headers: { etag: entityTag, 'content-length': String(size) },
      body: createReadStream(file, { highWaterMark }),
    };
  };
  const handle = async ({ method, path, query }: { method: string; path: string; query: object }) => ({
    response: { reason: undefined, ...answer(method, path, query) },
  });
  const requestHandler = { handle, updateHttpClientConfig: () => {}, httpHandlerConfigs: () => ({}) };
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  return new S3Client({ region: 'us-east-1', credentials, forcePathStyle: true, requestHandler });
}

/** The whole job for one feed: from the bytes in S3 to parcels that a destination in this process takes. */
export async function consumeFile(file: string): Promise<number> {
  const facts = readFacts(await readFile(`${file.replace(/\.gz$/, '')}.json`, 'utf8'));
  const destination = new NullDestination();
  const never = new AbortController().signal;
  const reading = { type: 'bench', jobXmlTag: 'job', gzipped: file.endsWith('.gz'), emptyCDATA: true };
  const message: SnapshotMessage = {
    version: 1,
    id: 'bench-1-0',
    ...reading,
    bucket: 'bench',
    key: 'feed',
    etag: entityTag,
    fields,
    ...facts,
  };
  const settings = {
    ...{ message, bucket: 'bench', destination: new URL('http://localhost/'), open: () => destination },
    ...{
      parallelism: 4,
      batchSize: 100,
      checkpointInterval: 2_000,
      stopTime: 20_000,
      mostRejects: { share: '100%', least: 0, told: '100%' } satisfies Allowance,
      again: undefined,
      arrayIndex: undefined,
    },
  };
  const s3 = fileS3(file, (await stat(file)).size);
  const outcome = await consumeFeed({ settings, s3, log: () => {}, stop: never, abort: never, end: never });
  if (outcome !== 'complete') throw new Error(`the consumer ended ${outcome}`);
  return destination.records;
}
