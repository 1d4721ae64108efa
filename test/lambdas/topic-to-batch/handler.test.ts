import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { AwsError } from '../../../scripts/local-aws/wire/errors.ts';
import { contextWith, startAws } from '../aws.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:start-feed-consumer';
const routes = {
  [topic]: {
    jobName: 'lambda-feed-consumer',
    jobQueue: 'feeds',
    jobDefinition: 'feed-consumer',
    messageVariable: 'DOWNLOAD_MESSAGE',
    containerOverrides: { environment: { PARALLELISM: 15 } },
  },
};
const root = mkdtempSync(join(tmpdir(), 'baton-routes-'));
writeFileSync(join(root, 'routes.json'), JSON.stringify(routes));
process.env['LAMBDA_TASK_ROOT'] = root;
const aws = await startAws();
const { handler } = await import('../../../lambdas/topic-to-batch/handler.ts');

const print = console.log;
console.log = () => {};
after(async () => {
  console.log = print;
  rmSync(root, { recursive: true });
  await aws.close();
});

/** As SNS hands a message to Lambda. */
const record = (MessageId: string, Message: string, TopicArn = topic) => ({
  EventSource: 'aws:sns',
  EventVersion: '1.0',
  EventSubscriptionArn: `${TopicArn}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`,
  Sns: {
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: null,
    Message,
    Timestamp: '2026-11-23T03:00:05.000Z',
    MessageAttributes: {},
  },
});
const invoke = (...Records: unknown[]) => handler({ Records }, contextWith(10_000));
const jobs = (name: string) => aws.batch.submitted.filter(({ jobName }) => jobName === name);

test('a message goes as it is into the variable of its topic, beside the environment of the route', async () => {
  const message = '{"type":"lovelive","jobXmlTag":"job","gzipped":true,"emptyCDATA":false}';
  const { jobIds } = await invoke(record('m-1', message));
  assert.equal(jobIds.length, 1);
  assert.deepEqual(jobs('lambda-feed-consumer-m-1'), [
    {
      jobName: 'lambda-feed-consumer-m-1',
      jobQueue: 'feeds',
      jobDefinition: 'feed-consumer',
      containerOverrides: {
        environment: [
          { name: 'PARALLELISM', value: '15' },
          { name: 'DOWNLOAD_MESSAGE', value: message },
        ],
      },
    },
  ]);
});

test("messages with one id of their own lead to one job, whatever SNS's ids are", async () => {
  const message = JSON.stringify({ id: 'broadbean-4f2a', key: 'snapshots/4f2a' });
  const first = await invoke(record('m-2', message));
  const again = await invoke(record('m-3', message));
  assert.deepEqual(again, first);
  assert.equal(jobs('lambda-feed-consumer-broadbean-4f2a').length, 1);
});

test('a message about a snapshot in parts becomes one array job of that size, however often it comes', async () => {
  const message = JSON.stringify({ version: 1, id: 'big-1-abc', key: 'snapshots/big/1', parts: 3 });
  const first = await invoke(record('m-21', message));
  assert.deepEqual(await invoke(record('m-22', message), record('m-23', message)), {
    jobIds: [...first.jobIds, ...first.jobIds],
  });
  assert.deepEqual(
    jobs('lambda-feed-consumer-big-1-abc').map(({ arrayProperties }) => arrayProperties),
    [{ size: 3 }],
  );
});

test('an array job that was submitted before its Lambda died is found by its name', async () => {
  const message = JSON.stringify({ version: 1, id: 'big-2-abc', key: 'snapshots/big/2', parts: 2 });
  aws.batch.after = () => {
    throw new AwsError('InternalError', 'the answer is lost', 500);
  };
  await assert.rejects(handler({ Records: [record('m-24', message)] }, contextWith(1_500)), /the answer is lost/);
  aws.batch.after = () => {};
  await invoke(record('m-25', message));
  assert.equal(jobs('lambda-feed-consumer-big-2-abc').length, 1);
});

test('parts of a message of another form mean nothing, and a number that no array has is refused', async () => {
  await invoke(record('m-26', JSON.stringify({ id: 'furniture', parts: 4 })));
  assert.deepEqual(jobs('lambda-feed-consumer-furniture')[0]?.arrayProperties, undefined);
  for (const parts of [0, 1, 10_001, '3', 2.5]) {
    const message = JSON.stringify({ version: 1, id: `odd-${parts}`, key: 'k', parts });
    await assert.rejects(
      invoke(record('m-27', message)),
      /message m-27: the message says parts: .*2 to 10000 children/,
    );
  }
});

test('ids that job names cannot hold stay different, and names keep within 128 characters', async () => {
  for (const id of ['a/b', 'a:b', 'x'.repeat(300)]) await invoke(record('m', JSON.stringify({ id })));
  const names = aws.batch.submitted.slice(-3).map(({ jobName }) => jobName);
  assert.equal(new Set(names).size, 3);
  for (const name of names) assert.match(name, /^lambda-feed-consumer-[\w-]{1,107}$/);
});

test('every record is tried before the failed ones are thrown, by their ids', async () => {
  aws.batch.before = ({ jobName }) => {
    if (jobName.endsWith('m-5')) throw new AwsError('ClientException', 'JobQueue feeds is disabled', 400);
  };
  await assert.rejects(invoke(record('m-4', 'one'), record('m-5', 'two'), record('m-6', 'three')), {
    message:
      /^1 of 3 records failed: message m-5: submitting job "lambda-feed-consumer-m-5".*JobQueue feeds is disabled$/,
  });
  aws.batch.before = () => {};
  assert.deepEqual(
    ['m-4', 'm-5', 'm-6'].map((id) => jobs(`lambda-feed-consumer-${id}`).length),
    [1, 0, 1],
  );
});

test('a record that is no notification is named, and does not keep the others back', async () => {
  await assert.rejects(invoke({ Sns: { MessageId: 'm-9', TopicArn: topic } }, record('m-10', 'ten')), {
    message: '1 of 2 records failed: Records[0].Sns.Message is missing; it must be a string, a number or a boolean',
  });
  assert.equal(jobs('lambda-feed-consumer-m-10').length, 1);
});

test('a topic without a route is named, with those that have one', async () => {
  const other = 'arn:aws:sns:eu-central-1:123456789012:other';
  await assert.rejects(invoke(record('m-7', 'text', other)), {
    message: `1 of 1 records failed: message m-7: no route for the topic ${other}; known: ${topic}`,
  });
});

test('a message that does not fit into an environment is refused with its size and the way out', async () => {
  await assert.rejects(invoke(record('m-8', 'x'.repeat(9_000))), {
    message:
      /its container overrides are 9\d{3} characters, ECS takes at most 8192; put the data in S3 and send its key$/,
  });
  assert.equal(jobs('lambda-feed-consumer-m-8').length, 0);
});
