import { writeChanges } from '../../messages/feed-changes.ts';
import type { ChangeCounts, Delivered, SnapshotMessage } from '../../messages/feed-message.ts';
import type { FeedSettings } from '../../messages/feed-settings.ts';
import { ContractError } from '../../messages/json-fields.ts';
import type { Log } from '../../process/log.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { keysOfMessage, type SnapshotKeys } from '../snapshots/snapshot-keys.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { compared, removedIds } from './comparison.ts';
import type { RecordIndex } from './record-index.ts';
import { type Irregular, type Keying, readIrregular, readRecordList, writeRecordList } from './record-list.ts';

export interface Reporting {
  /** The id of the snapshot, if it is published, and where its lists are stored. */
  readonly id: string;
  readonly keys: SnapshotKeys;
  readonly tag: string;
  readonly feed: FeedSettings;
  readonly folder: WorkFolder;
  readonly store: SnapshotStore;
  readonly log: Log;
}

/** A list of records in a file, and what its entries are not. */
interface ListedRecords {
  readonly path: string;
  readonly irregular: Irregular;
}

/**
 * Stores the list of a snapshot's records and compares it with that of the snapshot before, which was read in the same
 * way. `undefined` where there is nothing to compare with. Where only the changes are to be delivered, and it is certain
 * what they are, it stores the list of them.
 */
export async function reportChanges(
  reporting: Reporting,
  index: RecordIndex,
  before: SnapshotMessage | undefined,
): Promise<ChangeCounts | undefined> {
  const { id, keys, store, log, folder } = reporting;
  const keying = { record: reporting.tag, id: reporting.feed.id ?? '' };
  const now = folder.newFile('records.gz');
  await writeRecordList(now, keying, index.sorted(), () => index.irregular);
  await store.upload(keys.list, now);
  const listed = { path: now, irregular: index.irregular };
  const found =
    before === undefined ? 'there is no snapshot to compare with' : await listBefore(reporting, keying, before);
  if (typeof found !== 'string' && before !== undefined) {
    const counts = await compareLists(reporting, keying, found, listed);
    return counts.key === undefined ? counts : { ...counts, since: sinceOf(before) };
  }
  log('changes unknown', { id, reason: found, ...index.irregular });
  return undefined;
}

const sinceOf = ({ id, parts }: SnapshotMessage): Delivered => ({
  id,
  ...(parts !== undefined && { parts }),
});

/** The list of the snapshot before, or why there is none that can be used. */
async function listBefore(
  { store, folder }: Reporting,
  keying: Keying,
  before: SnapshotMessage,
): Promise<ListedRecords | string> {
  const key = keysOfMessage(before).list;
  const path = folder.newFile('records-before.gz');
  if (!(await store.download(key, path))) return `there is no ${key}`;
  try {
    // To its end: who compares must not find it damaged in the middle.
    for await (const _ of readRecordList(path, keying));
    return { path, irregular: await readIrregular(path) };
  } catch (error) {
    if (error instanceof ContractError) return `${key} is of no use: ${error.message}`;
    throw error;
  }
}

async function compareLists(
  { id, keys, feed, store, log }: Reporting,
  keying: Keying,
  before: ListedRecords,
  now: ListedRecords,
): Promise<ChangeCounts> {
  const lists = [readRecordList(before.path, keying), readRecordList(now.path, keying)] as const;
  const { deliver, ...counts } = await compared(...lists);
  const isCertain = [before, now].every(({ irregular }) => irregular.unidentified === 0 && irregular.repeated === 0);
  const isDelta = feed.delta && isCertain;
  log('records compared', {
    id,
    ...counts,
    ...now.irregular,
    ...(feed.delta && { delivery: isDelta ? 'changes' : 'full' }),
  });
  if (!isDelta) return counts;
  const removed = removedIds(readRecordList(before.path, keying), readRecordList(now.path, keying));
  await store.uploadStream(keys.changes, writeChanges(id, deliver.runs(), removed));
  return { ...counts, key: keys.changes };
}
