import { type FieldRules, readFieldRules } from './field-rules.ts';
import { JsonFields } from './json-fields.ts';

/** How the records of a snapshot are to be read. */
interface Reading {
  /** The kind of feed: a name that is safe in an S3 key. */
  readonly type: string;
  /** The element that is one record. */
  readonly jobXmlTag: string;
  readonly gzipped: boolean;
  /** true: an element that holds only an empty CDATA section becomes '', as xml2js has it; false: it is left out. */
  readonly emptyCDATA: boolean;
}

/** What the watcher publishes about a snapshot that it stored. */
export interface SnapshotMessage extends Reading {
  readonly version: 1;
  /** `<type>-<sequence>-<first 12 digits of sha256>`: the same for every publication of one snapshot, and for no other. */
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** SHA-256 of the feed's content, decompressed, in hexadecimal. */
  readonly sha256: string;
  /** Length of the feed's content, decompressed. */
  readonly bytes: number;
  /** Entity tag of the object, where it is one: while S3 gives this one, its content is the one that was hashed. */
  readonly etag?: string;
  readonly records?: number;
  /** The snapshot is stored in so many parts, and `key` is what their keys begin with: see feed-parts.ts. */
  readonly parts?: number;
  readonly changes?: ChangeCounts;
  /** What the records' fields must be; a record that is otherwise is rejected. */
  readonly fields?: FieldRules;
}

/** What is different from the snapshot before, in records. */
export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Where the list of the changes lies in the bucket, when they alone are to be delivered: see feed-changes.ts. */
  readonly key?: string;
  /** What the list builds on. */
  readonly since?: Delivered;
}

/** A snapshot that somebody must have: its id, and its parts where it is stored in several. */
export interface Delivered {
  readonly id: string;
  readonly parts?: number;
}

/** The historic form: no version and no place; it asks for the current snapshot of its type. */
interface CurrentSnapshotMessage extends Reading {
  readonly version?: never;
}

export type FeedMessage = SnapshotMessage | CurrentSnapshotMessage;

/** A feed's type becomes part of S3 keys and of job names, so it is as strict as the strictest of them. */
export const feedTypePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,120}$/;
/** Sizes of an array job: https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html. One part is a plain job. */
export const leastParts = 2;
export const mostParts = 10_000;
export const sha256Pattern = /^[0-9a-f]{64}$/;

export const messageId = (type: string, sequence: number, sha256: string): string =>
  `${type}-${sequence}-${sha256.slice(0, 12)}`;

/**
 * The place of a snapshot among those of its feed: a later one has a higher number, as long as the feed's state is there.
 * `undefined` for an id that no watcher made.
 */
export function sequenceOf(id: string): number | undefined {
  const [, sequence] = /-(\d+)-[0-9a-f]{12}(?:-[0-9a-f]{8})?$/.exec(id) ?? [];
  return sequence === undefined ? undefined : Number(sequence);
}

/** Parses what arrived as DOWNLOAD_MESSAGE. Throws ContractError naming every field that is wrong. */
export function parseFeedMessage(text: string): FeedMessage {
  const fields = JsonFields.parse('the download message', text);
  if (fields.has('version') || fields.has('key')) return readSnapshotMessage(fields);
  const message = readReading(fields);
  fields.check();
  return message;
}

/** Reads a snapshot message that is a field of something else. Throws ContractError. */
export function readSnapshotMessage(fields: JsonFields): SnapshotMessage {
  fields.version(1);
  const etag = fields.optionalText('etag');
  const records = fields.optionalCount('records');
  const parts = fields.optionalCount('parts', leastParts, mostParts);
  const changes = fields.object('changes');
  const rules = readFieldRules(fields);
  const message: SnapshotMessage = {
    version: 1,
    id: fields.text('id', idPattern),
    ...readReading(fields),
    bucket: fields.text('bucket'),
    key: fields.text('key'),
    sha256: fields.text('sha256', sha256Pattern),
    bytes: fields.count('bytes'),
    ...(etag !== undefined && { etag }),
    ...(records !== undefined && { records }),
    ...(parts !== undefined && { parts }),
    ...(changes !== undefined && { changes: readChangeCounts(changes) }),
    ...(rules !== undefined && { fields: rules }),
  };
  fields.check();
  return message;
}

function readChangeCounts(fields: JsonFields): ChangeCounts {
  const key = fields.optionalText('key');
  const since = fields.object('since');
  const counts = {
    added: fields.count('added'),
    removed: fields.count('removed'),
    changed: fields.count('changed'),
    ...(key !== undefined && { key }),
    ...(since !== undefined && { since: readSince(since) }),
  };
  fields.check();
  return counts;
}

function readSince(fields: JsonFields): Delivered {
  const parts = fields.optionalCount('parts', leastParts, mostParts);
  const since = { id: fields.text('id', idPattern), ...(parts !== undefined && { parts }) };
  fields.check();
  return since;
}

/** The text of a message, checked by the rules of the side that will read it. Throws ContractError. */
export function formatSnapshotMessage(message: SnapshotMessage): string {
  const text = JSON.stringify(message);
  readSnapshotMessage(JsonFields.parse('the message to publish', text));
  return text;
}

const readReading = (fields: JsonFields): Reading => ({
  type: fields.text('type', feedTypePattern),
  jobXmlTag: fields.text('jobXmlTag'),
  gzipped: fields.flag('gzipped'),
  emptyCDATA: fields.flag('emptyCDATA'),
});
