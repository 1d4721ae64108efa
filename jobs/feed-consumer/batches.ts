import { createHash } from 'node:crypto';
import type { SnapshotMessage } from '../messages/feed-message.ts';
import { JobError, reasonOf } from '../process/job-error.ts';
import { piecesOf, XmlDecoder } from '../xml/decoding.ts';
import { inflated } from '../xml/inflation.ts';
import { RecordConverter } from './record-object.ts';
import { type RecordSource, RecordSplitter } from './record-splitter.ts';
import type { Reject } from './rejects.ts';

/** Where in a batch's bytes the JSON of one record lies, without the newline behind it. */
export interface Line {
  readonly start: number;
  readonly end: number;
  /** Its place among the records of the feed, from 1 on, and in the document. */
  readonly record: number;
  readonly line: number;
}

/** Records that travel together. Their number and content follow from the snapshot and the batch size alone. */
export interface Batch {
  readonly number: number;
  /** NDJSON: the records as they are sent, each with a newline behind it. */
  readonly bytes: Uint8Array;
  readonly lines: readonly Line[];
  /** Records that could not be made an object. */
  readonly unreadable: readonly Reject[];
}

/** Where to go on: batches and records that are done. */
export interface Start {
  readonly batches: number;
  readonly records: number;
}

/** A batch is full at this many bytes of JSON, too: services refuse large bodies. */
const fullAtBytes = 4 * 1024 * 1024;

/**
 * The batches of a snapshot, in order, beginning after `start`. The content is verified against the message while it is
 * read, and the last batch is given only after that: a snapshot that is not what was published is never delivered whole.
 * Throws JobError for a mismatch, FeedError for what is not well-formed.
 */
export async function* batchesOf(
  snapshot: SnapshotMessage,
  stored: AsyncIterable<Uint8Array>,
  batchSize: number,
  start: Start,
): AsyncGenerator<Batch> {
  const batcher = new Batcher(snapshot, batchSize, start);
  const splitter = new RecordSplitter(snapshot.jobXmlTag);
  const decoder = new XmlDecoder();
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of snapshot.gzipped ? inflated(stored) : stored) {
    bytes += chunk.length;
    hash.update(chunk);
    for (const piece of piecesOf(chunk)) yield* batcher.add(splitter.write(decoder.write(piece)));
  }
  yield* batcher.add(splitter.write(decoder.end()));
  splitter.end();
  verify(snapshot, { sha256: hash.digest('hex'), bytes, records: batcher.records });
  yield* batcher.end();
}

class Batcher {
  readonly #converter: RecordConverter;
  readonly #batchSize: number;
  readonly #skip: number;
  #number: number;
  #records = 0;
  #lines: Line[] = [];
  #json: Buffer[] = [];
  #unreadable: Reject[] = [];
  #bytes = 0;

  constructor({ emptyCDATA }: SnapshotMessage, batchSize: number, start: Start) {
    this.#converter = new RecordConverter(emptyCDATA);
    this.#batchSize = batchSize;
    this.#skip = start.records;
    this.#number = start.batches;
  }

  get records(): number {
    return this.#records;
  }

  /** Takes records and gives the batches that were full before one of them. */
  add(sources: readonly RecordSource[]): readonly Batch[] {
    const full: Batch[] = [];
    for (const source of sources) {
      this.#records++;
      if (this.#records <= this.#skip) continue;
      if (this.#lines.length + this.#unreadable.length >= this.#batchSize || this.#bytes >= fullAtBytes)
        full.push(...this.end());
      this.#take(source);
    }
    return full;
  }

  #take({ xml, line }: RecordSource): void {
    try {
      const json = Buffer.from(`${JSON.stringify(this.#converter.convert(xml))}\n`);
      const start = this.#bytes;
      this.#bytes += json.length;
      this.#json.push(json);
      this.#lines.push({ start, end: this.#bytes - 1, record: this.#records, line });
    } catch (error) {
      this.#unreadable.push({ record: this.#records, line, reason: reasonOf(error), content: xml });
    }
  }

  /** What is left, as a batch; none when nothing is. */
  end(): readonly Batch[] {
    if (this.#lines.length + this.#unreadable.length === 0) return [];
    const bytes = Buffer.concat(this.#json);
    const batch = { number: this.#number++, bytes, lines: this.#lines, unreadable: this.#unreadable };
    this.#lines = [];
    this.#json = [];
    this.#unreadable = [];
    this.#bytes = 0;
    return [batch];
  }
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
