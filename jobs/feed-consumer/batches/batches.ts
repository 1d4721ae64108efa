import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { SnapshotMessage } from '../../messages/feed-message.ts';
import { BufferSweep } from '../../process/buffer-sweep.ts';
import { JobError } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { inflated } from '../../xml/inflation.ts';
import { Utf8Source } from '../../xml/utf8-source.ts';
import { RecordKernel } from '../kernel/record-kernel.ts';
import type { Batch } from './batch.ts';
import { Batcher, type Start } from './batcher.ts';
import type { OpenedObject } from './snapshot-bytes.ts';

/** Bytes that are fetched while earlier ones are read; what is inflated has buffers of its own. */
const readAhead = { objectMode: false, highWaterMark: 1024 * 1024 };

/** Inflating takes about as long as reading what comes of it. */
const turnBytes = 64 * 1024;

/** What of a snapshot is read, and into what. */
export interface SnapshotReading {
  readonly snapshot: SnapshotMessage;
  /** Opens the object that it is stored in. */
  readonly open: () => Promise<OpenedObject>;
  /** Records in a batch at most. */
  readonly batchSize: number;
  readonly start: Start;
  /** Where records lie that are too large for memory, until their batches are released. */
  readonly folder: WorkFolder;
  readonly log: Log;
}

/**
 * The batches of a snapshot, in order, beginning after `start`. The content is verified against the message while it is
 * read, and the last batch is given only after that: a snapshot that is not what was published is never delivered whole.
 * By its entity tag where that is the message's, else by its hash: whoever stored the same content again changed nothing.
 * Throws JobError for a mismatch, FeedError for what cannot be read.
 */
export async function* batchesOf(reading: SnapshotReading): AsyncGenerator<Batch> {
  const { snapshot, open, batchSize, start, folder, log } = reading;
  const { id, jobXmlTag: tag, emptyCDATA, fields = {} } = snapshot;
  using batcher = new Batcher(snapshot, batchSize, start, folder);
  const kernel = new RecordKernel({ tag, emptyCDATA, fields });
  const source = new Utf8Source(() => kernel.position);
  const { etag, bytes: stored } = await open();
  // S3 says that it is the very object whose content was hashed: hashing it again would take half as long as inflating it.
  const hash = etag !== undefined && etag === snapshot.etag ? undefined : createHash('sha256');
  const sweep = new BufferSweep();
  let bytes = 0;
  for await (const chunk of snapshot.gzipped ? inflated(stored, { turnBytes }) : Readable.from(stored, readAhead)) {
    bytes += chunk.length;
    hash?.update(chunk);
    sweep.passed(chunk.length);
    for (const piece of source.write(chunk)) for (const findings of kernel.read(piece)) yield* batcher.add(findings);
  }
  for (const piece of source.end()) for (const findings of kernel.read(piece)) yield* batcher.add(findings);
  kernel.end();
  verify(snapshot, { sha256: hash?.digest('hex') ?? snapshot.sha256, bytes, records: batcher.records });
  if (batcher.declined > 0) log('records read by xml2js', { id, records: batcher.declined });
  yield* batcher.end();
}

interface Seen {
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
}

function verify(snapshot: SnapshotMessage, seen: Seen): void {
  const { sha256, bytes, records } = snapshot;
  const place = `s3://${snapshot.bucket}/${snapshot.key}`;
  if (seen.sha256 !== sha256 || seen.bytes !== bytes)
    throw new JobError(
      `reading ${place}: its content has ${seen.bytes} bytes and sha256 ${seen.sha256}, message ${snapshot.id} says ${bytes} and ${sha256}`,
    );
  if (records !== undefined && seen.records !== records)
    throw new JobError(
      `reading ${place}: ${seen.records} <${snapshot.jobXmlTag}> were found, message ${snapshot.id} says ${records}`,
    );
}
