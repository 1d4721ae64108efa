import { type ChangeCounts, messageId, type SnapshotMessage } from '../../messages/feed-message.ts';
import { formatFeedParts, partsManifestKey } from '../../messages/feed-parts.ts';
import type { FeedState, Validators } from '../../messages/feed-state.ts';
import { JobError } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { reportChanges } from '../changes/change-report.ts';
import type { TakenIn } from '../intake/intake.ts';
import type { Settings } from '../settings.ts';
import { isReadAlike } from '../verdict.ts';
import { emptyOutbox, type Outbox } from './outbox.ts';
import type { SnapshotKeys } from './snapshot-keys.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { KnownState } from './state-store.ts';

/** One run of the watcher, and where the feed stood when it began. */
export interface Run {
  readonly settings: Settings;
  readonly outbox: Outbox;
  readonly store: SnapshotStore;
  readonly folder: WorkFolder;
  readonly log: Log;
  readonly known: KnownState;
  /** Where this run stores what it finds. */
  readonly keys: SnapshotKeys;
}

/** The id of what the run has found, if it is published. */
export const idOf = ({ settings, known }: Run, { content }: TakenIn): string =>
  messageId(settings.type, known.state.sequence + 1, content.sha256);

interface Published {
  readonly state: FeedState;
  readonly message: SnapshotMessage;
  /** Another watcher may have been first with the same content. */
  readonly isOurs: boolean;
}

/**
 * Stores a feed with everything that its message tells of, and hands the message over. Throws JobError when another
 * watcher was first with another content.
 */
export async function publish(run: Run, taken: TakenIn, validators: Validators): Promise<Published> {
  const changes = await changesOf(run, taken);
  const message = messageOf(run.settings, idOf(run, taken), await storeSnapshot(run, taken), changes);
  return await handOver(run.outbox, run.known, message, nextState(run.known.state, message, taken, validators));
}

type Stored = Pick<SnapshotMessage, 'key' | 'sha256' | 'bytes' | 'etag' | 'records' | 'parts'>;

/** Parts are in the bucket already. Records of a large feed that came to a single part are a snapshot that is that part. */
async function storeSnapshot({ store, keys }: Run, { stored, content }: TakenIn): Promise<Stored> {
  if (stored.kind === 'file') return { key: keys.whole, ...content, etag: await store.upload(keys.whole, stored.path) };
  const [first, second] = stored.parts;
  if (first === undefined) throw new Error('a snapshot in parts has none');
  if (second === undefined) {
    const { firstRecord: _, ...only } = first;
    return only;
  }
  await store.uploadText(partsManifestKey(keys.base), formatFeedParts({ version: 1, parts: stored.parts }));
  return { key: keys.base, ...content, parts: stored.parts.length };
}

async function changesOf(run: Run, taken: TakenIn): Promise<ChangeCounts | undefined> {
  const { settings, store, folder, log, known, keys } = run;
  const { current } = known.state;
  if (taken.index === undefined) return undefined;
  const before = current !== undefined && isReadAlike(current, settings) ? current : undefined;
  const reporting = { id: idOf(run, taken), keys, tag: settings.jobXmlTag, feed: settings.feed, folder, store, log };
  return await reportChanges(reporting, taken.index, before);
}

function messageOf(
  { type, jobXmlTag, emptyCDATA, bucket, feed }: Settings,
  id: string,
  stored: Stored,
  changes: ChangeCounts | undefined,
): SnapshotMessage {
  return {
    version: 1,
    id,
    type,
    jobXmlTag,
    gzipped: true,
    emptyCDATA,
    bucket,
    ...stored,
    ...(changes !== undefined && { changes }),
    ...(feed.fields !== undefined && { fields: feed.fields }),
  };
}

function nextState(
  { sequence, current }: FeedState,
  message: SnapshotMessage,
  { content }: TakenIn,
  validators: Validators,
): FeedState {
  return {
    version: 1,
    sequence: sequence + 1,
    validators,
    ...(content.sha256 !== message.sha256 && { content: content.sha256 }),
    ...(current !== undefined && { current }),
    pending: message,
  };
}

async function handOver(
  outbox: Outbox,
  known: KnownState,
  message: SnapshotMessage,
  next: FeedState,
): Promise<Published> {
  const moved = await outbox.states.move(known, next);
  const { state } = await emptyOutbox(outbox, moved ?? (await outbox.states.read()));
  const { current } = state;
  // Also so when the first answer was lost and a retry of the very same write was refused.
  if (moved !== undefined || current?.key === message.key) return { state, message, isOurs: true };
  if (current?.sha256 === message.sha256) return { state, message, isOurs: false };
  throw new JobError(
    `storing snapshot ${message.id}: another watcher moved the state to ${current?.id ?? 'nothing'} meanwhile; run the job again`,
  );
}
