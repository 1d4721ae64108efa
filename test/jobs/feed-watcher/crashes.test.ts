import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { watchFeed } from '../../../jobs/feed-watcher/watch-feed.ts';
import { parseFeedMessage } from '../../../jobs/messages/feed-message.ts';
import { parseFeedSettings } from '../../../jobs/messages/feed-settings.ts';
import { parseFeedState } from '../../../jobs/messages/feed-state.ts';
import { type FeedServer, startFeedServer } from '../../../scripts/local/feed-server.ts';
import { JobWorld } from '../../support/job-world.ts';

let world: JobWorld;
let feeds: FeedServer;
before(async () => {
  world = await JobWorld.start();
  feeds = await startFeedServer();
  feeds.serve(Buffer.from('<s><job>1</job></s>'));
});
after(async () => {
  await feeds[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const settings = (type: string, jobId: string) => ({
  feedUrl: new URL(feeds.url),
  type,
  jobXmlTag: 'job',
  bucket: world.bucket,
  topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
  emptyCDATA: true,
  feed: parseFeedSettings(''),
  accept: undefined,
  fetchTime: 60_000,
  jobId,
});

/** Called around every request that changes something; it may throw before or after the effect. */
type Around = <Result>(request: () => Promise<Result>) => Promise<Result>;

/** One run whose writing requests pass through `around`. */
async function watch(type: string, jobId: string, around: Around): Promise<string> {
  const options = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const s3 = new S3Client({ ...options, endpoint: world.aws.endpoint });
  const sns = new SNSClient({ ...options, endpoint: world.topic.endpoint });
  const writes: ReadonlySet<string | undefined> = new Set(['PutObjectCommand', 'PublishCommand']);
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        writes.has(commandName) ? around(() => next(args)) : next(args),
  );
  sns.middlewareStack.add((next) => (args) => around(() => next(args)));
  let last = '';
  const log = (event: string): void => {
    last = event;
  };
  try {
    await watchFeed({ settings: settings(type, jobId), s3, sns, log });
    return last;
  } finally {
    s3.destroy();
    sns.destroy();
  }
}

const calm: Around = (request) => request();

/** Crashes with the given writing request, before or after its effect. */
function crashingAt(step: number, moment: 'before' | 'after'): Around {
  let count = 0;
  return async (request) => {
    const crashes = ++count === step;
    if (crashes && moment === 'before') throw new Error('crashed');
    const result = await request();
    if (crashes) throw new Error('crashed');
    return result;
  };
}

// Storing the snapshot, noting it as pending, publishing it, making it current.
for (const step of [1, 2, 3, 4])
  for (const moment of ['before', 'after'] as const)
    test(`a crash ${moment} write ${step} loses nothing and publishes one snapshot under one key`, async () => {
      const type = `crash-${moment}-${step}`;
      await assert.rejects(watch(type, 'job-1', crashingAt(step, moment)), /crashed/);
      await watch(type, 'job-2', calm);
      const messages = world.topic.published.map(parseFeedMessage).filter((message) => message.type === type);
      assert.ok(messages.length >= 1 && messages.length <= 2, `${messages.length} messages`);
      const state = parseFeedState(String(await world.get(`state/${type}.json`)));
      assert.equal(state.pending, undefined);
      for (const message of messages) assert.deepEqual(message, state.current);
      assert.ok((await world.keys('snapshots/')).includes(state.current?.key ?? ''));
      assert.equal(await watch(type, 'job-3', calm), 'feed unchanged');
    });

test('a step whose answer was lost, and whose repetition is refused, counts as done', async () => {
  const twice: Around = async (request) => {
    await request();
    return await request();
  };
  assert.equal(await watch('lost', 'job-1', twice), 'feed changed');
  const ids = world.topic.published.map(parseFeedMessage).filter(({ type }) => type === 'lost');
  assert.equal(new Set(ids.map((message) => message.version === 1 && message.key)).size, 1);
  assert.equal(parseFeedState(String(await world.get('state/lost.json'))).sequence, 1);
});

test('another watcher that moved the state to other content meanwhile fails this run, which a retry repairs', async () => {
  let interfered = false;
  const interfering: Around = async (request) => {
    const result = await request();
    if (!interfered) {
      interfered = true;
      feeds.serve(Buffer.from('<s><job>2</job></s>'));
      await watch('overtaken', 'job-2', calm);
    }
    return result;
  };
  await assert.rejects(watch('overtaken', 'job-1', interfering), {
    name: 'JobError',
    message: /another watcher moved the state to overtaken-1-\w+ meanwhile; run the job again/,
  });
  assert.equal(await watch('overtaken', 'job-1', calm), 'feed unchanged');
});
