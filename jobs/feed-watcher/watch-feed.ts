import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import { messageId, type SnapshotMessage } from '../messages/feed-message.ts';
import type { FeedState, Validators } from '../messages/feed-state.ts';
import { JobError } from '../process/job-error.ts';
import type { Log } from '../process/log.ts';
import { requestFeed, shownUrl } from './feed-request.ts';
import type { Content } from './inspection.ts';
import { emptyOutbox, type Outbox } from './outbox.ts';
import type { Settings } from './settings.ts';
import { uploadSnapshot } from './snapshot-upload.ts';
import { type KnownState, StateStore } from './state-store.ts';

export interface Watcher {
  readonly settings: Settings;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly log: Log;
}

/**
 * One look at the feed. A changed feed is stored, then noted as pending, then published, then made current: a crash
 * between any two steps leaves work that the next run finds and repeats. Throws JobError for a feed that is refused.
 */
export async function watchFeed({ settings, s3, sns, log }: Watcher): Promise<void> {
  const begun = performance.now();
  const { bucket, type, topicArn } = settings;
  const outbox: Outbox = { states: new StateStore(s3, bucket, type), sns, topicArn, log };
  const known = await emptyOutbox(outbox, await outbox.states.read());
  const end = (event: string, fields: Readonly<Record<string, unknown>>): void =>
    log(event, { type, ...fields, milliseconds: Math.round(performance.now() - begun) });

  const answer = await requestFeed(settings.feedUrl, usable(known.state, settings));
  if (answer.kind === 'not modified')
    return end('feed unchanged', { reason: 'not modified', ...contentOf(known.state.current) });

  const sequence = known.state.sequence + 1;
  const key = `snapshots/${type}/${sequence}-${settings.jobId}.xml.gz`;
  const { content, stored } = await uploadSnapshot({ s3, bucket, key }, answer.body, settings.jobXmlTag, (found) =>
    isNews(found, known.state.current, settings),
  );
  log('feed fetched', { url: shownUrl(settings.feedUrl), ...content });
  if (!stored) {
    await rememberValidators(outbox, known, answer.validators);
    return end('feed unchanged', { reason: 'same content', ...content });
  }
  const message = messageOf(settings, sequence, key, content);
  if (!(await handOver(outbox, known, message, answer.validators)))
    return end('feed unchanged', { reason: 'another watcher stored it', unused: key, ...content });
  end('feed changed', { id: message.id, key, ...content });
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

const isReadAlike = (current: SnapshotMessage, settings: Settings): boolean =>
  current.jobXmlTag === settings.jobXmlTag && current.emptyCDATA === settings.emptyCDATA;

/**
 * Whether the content is to be stored. A feed without a record is held, the first one too: where there were records it is
 * an outage, and where there were none JOB_XML_TAG is wrong. Throws JobError for it.
 */
function isNews(content: Content, current: SnapshotMessage | undefined, settings: Settings): boolean {
  if (content.records > 0) return content.sha256 !== current?.sha256 || !isReadAlike(current, settings);
  const facts = { ...content, previousRecords: current?.records };
  if (current === undefined)
    throw new JobError(
      `the feed is held: it has no <${settings.jobXmlTag}>; check JOB_XML_TAG, or wait for its first record`,
      facts,
    );
  throw new JobError(
    `the feed is held: it has no <${settings.jobXmlTag}>, the last one had ${current.records ?? 'some'}; ${current.key} stays current`,
    facts,
  );
}

const messageOf = (settings: Settings, sequence: number, key: string, content: Content): SnapshotMessage => ({
  version: 1,
  id: messageId(settings.type, sequence, content.sha256),
  type: settings.type,
  jobXmlTag: settings.jobXmlTag,
  gzipped: true,
  emptyCDATA: settings.emptyCDATA,
  bucket: settings.bucket,
  key,
  ...content,
});

/** Only saves the next run a download, so whoever moved the state meanwhile is left alone. */
async function rememberValidators({ states }: Outbox, known: KnownState, validators: Validators): Promise<void> {
  await states.move(known, { ...known.state, validators });
}

/**
 * Notes the message as pending and publishes it. false when another watcher was first with the same content; throws
 * JobError when it was first with another one.
 */
async function handOver(
  outbox: Outbox,
  known: KnownState,
  message: SnapshotMessage,
  validators: Validators,
): Promise<boolean> {
  const next = { ...known.state, sequence: known.state.sequence + 1, validators, pending: message };
  const moved = await outbox.states.move(known, next);
  const settled = await emptyOutbox(outbox, moved ?? (await outbox.states.read()));
  const { current } = settled.state;
  // Also so when the first answer was lost and a retry of the very same write was refused.
  if (moved !== undefined || current?.key === message.key) return true;
  if (current?.sha256 === message.sha256) return false;
  throw new JobError(
    `storing snapshot ${message.id}: another watcher moved the state to ${current?.id ?? 'nothing'} meanwhile; run the job again`,
  );
}
