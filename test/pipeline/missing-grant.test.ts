import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { startFeedServer } from '../../scripts/local/feed-server.ts';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { appliedConfig, changedConfig } from '../support/applied-config.ts';
import { feedConfig } from '../support/feed-config.ts';

/** A config applied, and one run of the watcher after the other. */
async function deployed(t: TestContext, directory: string) {
  const feed = await startFeedServer();
  t.after(() => feed[Symbol.asyncDispose]());
  feed.serve(sampleFeed(1));
  const { client, run } = await appliedConfig(t, { directory });
  const watch = () => run('feed-watcher', { FEED_URL: feed.url, FEED_TYPE: 'broadbean', JOB_XML_TAG: 'job' });
  return { client, watch };
}

test('a job that lost a grant in config fails, and its log says what it may not do', async (t) => {
  const directory = changedConfig(t, {
    'job-definitions.yaml': [['      - publish: topic.start-feed-consumer\n', '']],
  });
  const { watch, client } = await deployed(t, directory);
  const { status, container } = await watch();
  assert.deepEqual([status, container?.exitCode], ['FAILED', 1]);
  const logGroupName = container?.logConfiguration?.options?.['awslogs-group'];
  const { events = [] } = await client(CloudWatchLogs).getLogEvents({
    logGroupName,
    logStreamName: container?.logStreamName,
  });
  assert.match(
    events.at(-1)?.message ?? '',
    /User: arn:aws:sts::000000000000:assumed-role\/local-[\w-]+\/\w+ is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-central-1:000000000000:local-start-feed-consumer because no identity-based policy allows the SNS:Publish action/,
  );
});

test('a container starts only if its execution role may log in, pull its image and write its log', async (t) => {
  const { watch, client } = await deployed(t, feedConfig);
  const iam = client(IAM);
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
