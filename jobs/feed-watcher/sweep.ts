import type { FeedState } from '../messages/feed-state.ts';
import type { Log } from '../process/log.ts';
import { keptKeys, sequenceFolder } from './snapshot-keys.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/**
 * Removes what other runs left behind of the current version: those that died, and those that were second. Nobody can
 * publish it any more: the state has moved past the one that they read. Of the version to come nothing is touched, since
 * somebody may be writing it.
 */
export async function sweep(
  store: SnapshotStore,
  type: string,
  { current, sequence }: FeedState,
  log: Log,
): Promise<void> {
  if (current === undefined) return;
  const kept = keptKeys(current);
  const left = (await store.keys(sequenceFolder(type, sequence))).filter((key) => !kept.has(key));
  for (const key of left) await store.remove(key);
  if (left.length > 0) log('leftovers removed', { objects: left.length, of: current.id });
}
