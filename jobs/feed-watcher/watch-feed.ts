import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SnapshotMessage } from '../messages/feed-message.ts';
import type { FeedState, Validators } from '../messages/feed-state.ts';
import type { Log } from '../process/log.ts';
import { WorkFolder } from '../process/work-folder.ts';
import { download } from './download/download.ts';
import { FeedExchange, shownUrl } from './download/feed-exchange.ts';
import { patience as ordinaryPatience, type Patience } from './download/patience.ts';
import type { Content } from './intake/inspection.ts';
import type { TakenIn } from './intake/intake.ts';
import type { Settings } from './settings.ts';
import { acceptanceOf } from './snapshots/acceptance.ts';
import { hold } from './snapshots/holding.ts';
import { emptyOutbox, type Outbox } from './snapshots/outbox.ts';
import { idOf, publish, type Run } from './snapshots/publication.ts';
import { keysOf } from './snapshots/snapshot-keys.ts';
import { SnapshotStore } from './snapshots/snapshot-store.ts';
import { StateStore } from './snapshots/state-store.ts';
import { sweepLeftovers, sweepSnapshots } from './snapshots/sweep.ts';
import { isReadAlike, judge } from './verdict.ts';

export interface Watcher {
  readonly settings: Settings;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly log: Log;
  readonly patience?: Partial<Patience>;
}

/** How a look ended: the event that tells of it, and its fields. */
type Outcome = readonly [event: 'feed changed' | 'feed unchanged', fields: Readonly<Record<string, unknown>>];

/**
 * One look at the feed. A changed feed is stored, then noted as pending, then published, then made current: a crash
 * between any two steps leaves work that the next run finds and repeats. Throws JobError for a feed that is refused or
 * held.
 */
export async function watchFeed(watcher: Watcher): Promise<void> {
  const begun = performance.now();
  const { settings, s3, sns, log } = watcher;
  const { bucket, type, topicArn, jobId } = settings;
  const store = new SnapshotStore(s3, bucket);
  const outbox: Outbox = { states: new StateStore(s3, bucket, type), sns, topicArn, log };
  const known = await emptyOutbox(outbox, await outbox.states.read());
  await sweepLeftovers(store, type, known.state, log);
  using folder = new WorkFolder('feed-watcher');
  const keys = keysOf(type, known.state.sequence + 1, jobId);
  const [event, fields] = await look(watcher, { settings, outbox, store, folder, log, known, keys });
  log(event, { type, ...fields, milliseconds: Math.round(performance.now() - begun) });
}

async function look({ settings, log, patience }: Watcher, run: Run): Promise<Outcome> {
  const { jobXmlTag: tag, feed, feedUrl, fetchTime } = settings;
  const { known, store, folder, keys } = run;
  const exchange = new FeedExchange(feedUrl, { ...ordinaryPatience, total: fetchTime, ...patience }, log);
  const intake = { tag, feed, folder, store, partsBase: keys.base };
  const found = await download(exchange, usable(known.state, settings), intake);
  if (found === 'not modified')
    return ['feed unchanged', { reason: 'not modified', ...contentOf(known.state.current) }];
  log('feed fetched', { url: shownUrl(feedUrl), ...found.taken.content });
  return await conclude(run, found.taken, found.validators);
}

async function conclude(run: Run, taken: TakenIn, validators: Validators): Promise<Outcome> {
  const { known, settings, store, outbox, log } = run;
  const { content } = taken;
  const verdict = judge(content, known.state, settings);
  switch (verdict.kind) {
    case 'unchanged':
      if (taken.stored.kind === 'parts') for (const { key } of taken.stored.parts) await store.remove(key);
      // Only saves the next run a download, so whoever moved the state meanwhile is left alone.
      await outbox.states.move(known, { ...known.state, validators });
      return ['feed unchanged', { reason: 'same content', ...content }];
    case 'held': {
      const acceptance = await acceptanceOf(run, content);
      if (acceptance.kind === 'not accepted')
        throw await hold(run, taken, { reason: verdict.reason, unaccepted: acceptance.reason });
      log('outage accepted', { id: idOf(run, taken), reason: verdict.reason, ...acceptance.fields });
      return await publishNews(run, taken, validators);
    }
    case 'news':
      return await publishNews(run, taken, validators);
    default:
      return verdict satisfies never;
  }
}

async function publishNews(run: Run, taken: TakenIn, validators: Validators): Promise<Outcome> {
  const { settings, store, log } = run;
  const { content } = taken;
  const { state, message, isOurs } = await publish(run, taken, validators);
  await sweepSnapshots(store, settings.type, state, log);
  if (!isOurs) return ['feed unchanged', { reason: 'another watcher stored it', ...content }];
  const { id, key, parts, changes } = message;
  return ['feed changed', { id, key, ...content, parts, changes }];
}

const contentOf = (current: SnapshotMessage | undefined): Partial<Content> =>
  current === undefined
    ? {}
    : {
        sha256: current.sha256,
        bytes: current.bytes,
        ...(current.records !== undefined && { records: current.records }),
      };

/** Validators speak of the content alone; when it is to be read in another way it must come again. */
const usable = ({ validators, current }: FeedState, settings: Settings): Validators | undefined =>
  current !== undefined && isReadAlike(current, settings) ? validators : undefined;
