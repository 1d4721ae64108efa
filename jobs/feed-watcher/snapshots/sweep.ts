import type { FeedState } from '../../messages/feed-state.ts';
import type { Log } from '../../process/log.ts';
import { keptKeys, sequenceFolder, snapshotsFolder } from './snapshot-keys.ts';
import type { SnapshotStore, StoredObject } from './snapshot-store.ts';

/**
 * Milliseconds that a snapshot is kept when another has taken its place: SNS tries to deliver a message about it for 23
 * days (https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html), a queue of dead letters keeps it for 14
 * more (MessageRetentionPeriod), and then a job may read for some days.
 */
const keptFor = 45 * 24 * 3_600 * 1_000;

/**
 * Removes what other runs left behind of the current version: those that died, and those that were second. Nobody can
 * publish it any more: the state has moved past the one that they read. Of the version to come nothing is touched, since
 * somebody may be writing it.
 */
export async function sweepLeftovers(store: SnapshotStore, type: string, state: FeedState, log: Log): Promise<void> {
  if (state.current === undefined) return;
  await removeLeftovers(store, state, await store.objects(sequenceFolder(type, state.sequence)), log);
}

/**
 * The same, and removes the snapshots in whose place others have been for long. The current one stays however old it
 * is: a rule of the bucket, which goes by age alone, would remove it. So does the one before it until then.
 */
export async function sweepSnapshots(
  store: SnapshotStore,
  type: string,
  state: FeedState,
  log: Log,
  now = Date.now(),
): Promise<void> {
  if (state.current === undefined) return;
  const objects = await store.objects(snapshotsFolder(type));
  const folder = sequenceFolder(type, state.sequence);
  await removeLeftovers(
    store,
    state,
    objects.filter(({ key }) => key.startsWith(folder)),
    log,
  );
  const old = replacedBefore(now - keptFor, bySequence(objects, snapshotsFolder(type)), state.sequence);
  await store.removeAll(old);
  if (old.length > 0) log('old snapshots removed', { objects: old.length, of: type });
}

async function removeLeftovers(
  store: SnapshotStore,
  { current }: FeedState,
  objects: readonly StoredObject[],
  log: Log,
): Promise<void> {
  if (current === undefined) return;
  const kept = keptKeys(current);
  const left = objects.map(({ key }) => key).filter((key) => !kept.has(key));
  await store.removeAll(left);
  if (left.length > 0) log('leftovers removed', { objects: left.length, of: current.id });
}

function bySequence(objects: readonly StoredObject[], folder: string): ReadonlyMap<number, readonly StoredObject[]> {
  const found = new Map<number, StoredObject[]>();
  for (const object of objects) {
    const sequence = /^(\d+)-/.exec(object.key.slice(folder.length))?.[1];
    if (sequence === undefined) continue;
    const those = found.get(Number(sequence)) ?? [];
    those.push(object);
    found.set(Number(sequence), those);
  }
  return found;
}

/** The keys of snapshots whose successor was stored before a time. */
function replacedBefore(
  time: number,
  snapshots: ReadonlyMap<number, readonly StoredObject[]>,
  current: number,
): readonly string[] {
  const sequences = [...snapshots.keys()].filter((sequence) => sequence <= current).sort((a, b) => a - b);
  return sequences.slice(0, -1).flatMap((sequence, at) => {
    const successor = snapshots.get(sequences[at + 1] ?? current) ?? [];
    const isOver = successor.length > 0 && successor.every(({ modified }) => modified < time);
    return isOver ? (snapshots.get(sequence) ?? []).map(({ key }) => key) : [];
  });
}
