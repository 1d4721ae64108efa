import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { PublishCommand } from '@aws-sdk/client-sns';
import { s3Client, snsClient } from '../../jobs/process/clients.ts';
import { readText, replaceText } from '../../jobs/process/objects.ts';
import { runJob } from '../../jobs/process/run-job.ts';
import { closed, listening } from '../../scripts/local/loopback.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { acting } from '../local-aws/authorization/acting.ts';
import { consumerVariables, numbered, storeFeed, take } from '../support/consumer-runs.ts';
import { runConsumer } from '../support/job-runs.ts';
import { JobWorld } from '../support/job-world.ts';
import { startScriptedDestination } from '../support/scripted-destination.ts';

test('a consumer whose snapshot or bucket is gone says what it read, and what to do', async () => {
  await using world = await JobWorld.start();
  await using destination = await startScriptedDestination(take);
  const message = await storeFeed(world, 'gone', numbered(2));
  const key = 'snapshots/gone/9-job.xml.gz';
  const { last } = await runConsumer(world, consumerVariables({ ...message, key }, destination.url));
  const { requestId, ...told } = last;
  assert.deepEqual(told, {
    event: 'job failed',
    name: 'NoSuchKey',
    error: `reading s3://feeds/${key}: it is no longer there: a snapshot is removed 45 days after a newer one took its place, and its message is to be discarded; if it is the latest one, remove state/gone.json, and the watcher publishes the feed anew`,
  });
  assert.match(String(requestId), /\w/);
  const other = await runConsumer(world, consumerVariables(message, destination.url, { BUCKET: 'none' }));
  assert.match(
    String(other.last['error']),
    /^reading s3:\/\/none\/turns\/gone-\w+\.json: there is no such bucket; BUCKET, DESTINATION_URL or the message names another than config\/buckets\.yaml/,
  );
});

/** How the log tells of the failure. */
async function errorOf(what: () => Promise<unknown>): Promise<string> {
  const lines: unknown[] = [];
  const job = async (): Promise<number> => {
    await what();
    return 0;
  };
  await runJob((_event, fields) => void lines.push(fields?.['error']), job);
  return String(lines[0]);
}

test('what a role may not do says which permission it lacks', async (t) => {
  const { as, client, createBucket } = await acting(t);
  await createBucket('feeds');
  const s3 = client(s3Client(await as('job', { Action: 's3:GetObject', Resource: '*' })));
  assert.match(
    await errorOf(() => replaceText({ s3, bucket: 'feeds', key: 'checkpoints/a.json' }, '{}', undefined)),
    /^storing s3:\/\/feeds\/checkpoints\/a\.json: User: .* is not authorized to perform: s3:PutObject .*; the job's role lacks s3:PutObject there: name it in the grants/,
  );
});

test('a topic that is not there and a network without a way to AWS say what was being done', async (t) => {
  await using aws = await startLocalAws();
  const settings = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const sns = snsClient({ ...settings, endpoint: aws.endpoint });
  const lost = s3Client({ ...settings, endpoint: 'http://127.0.0.1:1' });
  t.after(() => [sns, lost].map((client) => client.destroy()));
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:none';
  assert.equal(
    await errorOf(() => sns.send(new PublishCommand({ TopicArn, Message: 'x' }))),
    `publishing to ${TopicArn}: there is no such topic; nobody has applied the config, or TOPIC_ARN names another`,
  );
  assert.match(
    await errorOf(() => readText({ s3: lost, bucket: 'feeds', key: 'state/a.json' })),
    /^reading s3:\/\/feeds\/state\/a\.json: AWS was not reached \(connect ECONNREFUSED 127\.0\.0\.1:1\); the next attempt tries again\. .*assignPublicIp/,
  );
});

test('a small object whose answer breaks off is read again, and says what it was where that does not help', async (t) => {
  let broken = 2;
  const server = createServer((_request, response) => {
    response.writeHead(200, { etag: '"1"', 'content-length': 4 }).write('ab', () => {
      if (broken-- > 0) response.destroy();
      else response.end('cd');
    });
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = s3Client({ endpoint: await listening(server, 0), region: 'us-east-1', credentials, forcePathStyle: true });
  t.after(async () => {
    s3.destroy();
    await closed(server);
  });
  assert.deepEqual(await readText({ s3, bucket: 'feeds', key: 'state/a.json' }), { text: 'abcd', etag: '"1"' });
  broken = 3;
  assert.equal(
    await errorOf(() => readText({ s3, bucket: 'feeds', key: 'state/a.json' })),
    'reading s3://feeds/state/a.json: it broke off (aborted); the next attempt reads it anew',
  );
});
