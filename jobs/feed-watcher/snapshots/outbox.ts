import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { formatSnapshotMessage, type SnapshotMessage } from '../../messages/feed-message.ts';
import type { FeedState } from '../../messages/feed-state.ts';
import { JobError } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import type { KnownState, StateStore } from './state-store.ts';

/** How often others may move the state before this run gives up; each time they did the same work. */
const patience = 5;

export interface Outbox {
  readonly states: StateStore;
  readonly sns: SNSClient;
  readonly topicArn: string;
  readonly log: Log;
}

/**
 * Publishes what is pending, if anything, and makes it current. Safe to repeat and to do twice at once: a message that is
 * published again has the same id and names the same snapshot.
 */
export async function emptyOutbox(outbox: Outbox, known: KnownState): Promise<KnownState> {
  let latest = known;
  for (let round = 0; round < patience; round++) {
    const { pending } = latest.state;
    if (pending === undefined) return latest;
    await publish(outbox, pending);
    latest = (await outbox.states.move(latest, delivered(latest.state, pending))) ?? (await outbox.states.read());
  }
  throw new JobError(
    `publishing a snapshot: other watchers moved the state ${patience} times meanwhile; run the job again`,
  );
}

async function publish({ sns, topicArn, log }: Outbox, message: SnapshotMessage): Promise<void> {
  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn: topicArn, Message: formatSnapshotMessage(message) }),
  );
  log('message published', { id: message.id, key: message.key, messageId: MessageId });
}

function delivered({ pending: _, ...state }: FeedState, message: SnapshotMessage): FeedState {
  return { ...state, current: message };
}
