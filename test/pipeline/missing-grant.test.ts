import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startFeedServer } from '../../scripts/local/feed-server.ts';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { feedConfig } from '../support/feed-config.ts';

/** The shipped config with another text in place of one in its job definitions. */
function changedConfig(t: TestContext, changes: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'missing-grant-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(feedConfig, folder, { recursive: true });
  const file = join(folder, 'job-definitions.yaml');
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
  return folder;
}

/** The embedded AWS with a config applied, its clients, and one run of the watcher after the other. */
async function deployed(t: TestContext, directory: string) {
  const clock = drivenClock(Date.UTC(2026, 10, 23, 3));
  const aws = await startLocalAws({ clock, region: 'eu-central-1' });
  const feed = await startFeedServer();
  feed.serve(sampleFeed(1));
  const environment = await openEnvironment({ directory, environment: 'local', endpoint: aws.endpoint });
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  const settings = { endpoint: aws.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
  const clients = { batch: new Batch(settings), iam: new IAM(settings), logs: new CloudWatchLogs(settings) };
  t.after(async () => {
    environment.close();
    for (const client of Object.values(clients)) client.destroy();
    await feed[Symbol.asyncDispose]();
    await aws.close();
  });
  await environment.apply(await environment.plan(), () => {});
  const watch = async () => {
    const FEED = { FEED_URL: feed.url, FEED_TYPE: 'broadbean', JOB_XML_TAG: 'job' };
    const { jobId = '' } = await clients.batch.submitJob({
      jobName: 'watch',
      jobQueue: 'local-feeds',
      jobDefinition: 'local-feed-watcher',
      containerOverrides: { environment: Object.entries(FEED).map(([name, value]) => ({ name, value })) },
    });
    await clock.idle();
    const { jobs: [job] = [] } = await clients.batch.describeJobs({ jobs: [jobId] });
    assert.ok(job);
    return job;
  };
  return { ...clients, watch };
}

test('a job that lost a grant in config fails, and its log says what it may not do', async (t) => {
  const directory = changedConfig(t, [
    ['      - publish: topic.start-feed-consumer\n', ''],
    ['attempts: 3', 'attempts: 1'],
  ]);
  const { watch, logs } = await deployed(t, directory);
  const { status, container } = await watch();
  assert.deepEqual([status, container?.exitCode], ['FAILED', 1]);
  const logGroupName = container?.logConfiguration?.options?.['awslogs-group'];
  const { events = [] } = await logs.getLogEvents({ logGroupName, logStreamName: container?.logStreamName });
  assert.match(
    events.at(-1)?.message ?? '',
    /User: arn:aws:sts::000000000000:assumed-role\/local-[\w-]+\/\w+ is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-central-1:000000000000:local-start-feed-consumer because no identity-based policy allows the SNS:Publish action/,
  );
});

test('a container starts only if its execution role may log in, pull its image and write its log', async (t) => {
  const { watch, iam } = await deployed(t, changedConfig(t, [['attempts: 3', 'attempts: 1']]));
  const RoleName = 'local-execution';
  const PolicyName = 'grants';
  const { PolicyDocument = '' } = await iam.getRolePolicy({ RoleName, PolicyName });
  const policy: { Statement: { Sid: string }[] } = JSON.parse(decodeURIComponent(PolicyDocument));
  const without = async (sid: string) => {
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
    assert.equal(Statement.length, policy.Statement.length - 1, sid);
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify({ ...policy, Statement }) });
    const { status, statusReason = '', container } = await watch();
    assert.equal(status, 'FAILED');
    return `${statusReason}; ${container?.reason ?? ''}`;
  };
  assert.match(
    await without('LogInToRegistry'),
    /^ResourceInitializationError: unable to pull secrets or registry auth: .* not authorized to perform: ecr:GetAuthorizationToken on resource: \* /,
  );
  assert.match(
    await without('PullImages'),
    /^Task failed to start; CannotPullContainerError: .* not authorized to perform: ecr:BatchGetImage on resource: .*:repository\/local\//,
  );
  assert.match(
    await without('WriteLog'),
    /^ResourceInitializationError: failed to validate logger args: .* AccessDeniedException: User: .* not authorized to perform: logs:CreateLogStream on resource: .*:log-stream:/,
  );
});
