import type { SnapshotMessage } from '../../messages/feed-message.ts';
import { partKey, partsManifestKey } from '../../messages/feed-parts.ts';

/** Where everything of one snapshot lies: a job has another place than any job before it that stored the same version. */
export interface SnapshotKeys {
  /** What all these keys begin with; in parts, the snapshot's own key. */
  readonly base: string;
  /** The snapshot, where it is one object. */
  readonly whole: string;
  /** The list of its records. */
  readonly list: string;
  /** The list of what is different from the snapshot before. */
  readonly changes: string;
  /** What is known of it where it is held. */
  readonly note: string;
}

/** What the keys of all snapshots of a feed begin with, and those of one version. */
export const snapshotsFolder = (type: string): string => `snapshots/${type}/`;
export const sequenceFolder = (type: string, sequence: number): string => `${snapshotsFolder(type)}${sequence}-`;

export const keysOf = (type: string, sequence: number, jobId: string): SnapshotKeys =>
  keysFrom(`${sequenceFolder(type, sequence)}${jobId}`);

/** Where a snapshot that is held lies. The same content is held in the same place again. */
export const heldKeys = (type: string, id: string): SnapshotKeys => keysFrom(`held/${type}/${id}`);

const keysFrom = (base: string): SnapshotKeys => ({
  base,
  whole: `${base}.xml.gz`,
  list: `${base}.records.gz`,
  changes: `${base}.changes.gz`,
  note: `${base}.json`,
});

/** The keys of a snapshot that a message is about. One that came to a single part is that part. */
export const keysOfMessage = ({ key }: SnapshotMessage): SnapshotKeys =>
  keysFrom(key.replace(/(\/part-00000)?\.xml\.gz$/, ''));

/** Every object that belongs to what a message is about. A list of records is not there for every feed. */
export function keptKeys(message: SnapshotMessage): ReadonlySet<string> {
  const { key, parts, changes } = message;
  const content =
    parts === undefined
      ? [key]
      : [partsManifestKey(key), ...Array.from({ length: parts }, (_, index) => partKey(key, index))];
  const lists = [keysOfMessage(message).list, ...(changes?.key === undefined ? [] : [changes.key])];
  return new Set([...content, ...lists]);
}
