import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { S3 } from '@aws-sdk/client-s3';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { numbered, storeFeed, take } from '../support/consumer-runs.ts';
import { feedConfig } from '../support/feed-config.ts';
import { startScriptedDestination } from '../support/scripted-destination.ts';

const bucket = 'local-feeds-000000000000-eu-central-1';
const secret = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:local/service-AbCdEf';

/** A consumer whose token is a parameter of SSM, one whose token is a part of a secret, and two that cannot start. */
function secretConfig(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(feedConfig, folder, { recursive: true });
  const file = join(folder, 'job-definitions.yaml');
  const text = readFileSync(file, 'utf8');
  const withSecret = text.replace(
    /^ +DESTINATION_URL: .*\n/m,
    '$&    secrets: { DESTINATION_TOKEN: /local/destination-token }\n',
  );
  assert.notEqual(withSecret, text);
  writeFileSync(file, withSecret);
  const others = { header: `${secret}:token::`, missing: '/local/none', keyless: `${secret}:user::` };
  for (const [name, reference] of Object.entries(others))
    appendFileSync(
      file,
      `  ${name}:
    image: jobs/feed-consumer
    vcpus: 1
    memory: 2048
    environment: { BUCKET: '\${bucket.feeds}', DESTINATION_URL: '\${var.destinationUrl}', DESTINATION_HEADER: x-api-key }
    secrets: { DESTINATION_TOKEN: '${reference}' }
    grants: [{ readWrite: bucket.feeds }]
`,
    );
  return folder;
}

/** The embedded AWS with that config applied, and a consumer's run by its definition. */
async function deployed(t: TestContext) {
  const clock = drivenClock(Date.UTC(2026, 10, 23, 3));
  const secrets = { '/local/destination-token': 'of SSM', [secret]: '{"token":"of Secrets Manager"}' };
  const aws = await startLocalAws({ clock, region: 'eu-central-1', secrets });
  const destination = await startScriptedDestination(take);
  const environment = await openEnvironment({
    directory: secretConfig(t),
    environment: 'local',
    endpoint: aws.endpoint,
    variables: { destinationUrl: destination.url },
  });
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  const settings = { endpoint: aws.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
  const [batch, s3] = [new Batch(settings), new S3(settings)];
  t.after(async () => {
    environment.close();
    for (const client of [batch, s3]) client.destroy();
    await aws.close();
    await destination[Symbol.asyncDispose]();
  });
  await environment.apply(await environment.plan(), () => {});
  const put = async (Key: string, Body: string | Uint8Array): Promise<string> =>
    (await s3.putObject({ Bucket: bucket, Key, Body })).ETag ?? '';
  const consume = async (definition: string) => {
    const message = JSON.stringify(await storeFeed({ bucket, put }, definition, numbered(2)));
    const { jobId = '' } = await batch.submitJob({
      jobName: definition,
      jobQueue: 'local-feeds',
      jobDefinition: `local-${definition}`,
      retryStrategy: { attempts: 1 },
      containerOverrides: { environment: [{ name: 'DOWNLOAD_MESSAGE', value: message }] },
    });
    await clock.idle();
    const { jobs: [job] = [] } = await batch.describeJobs({ jobs: [jobId] });
    assert.ok(job);
    return job;
  };
  return { consume, destination };
}

test('tokens come from secret references, as a bearer token and as a header; a job without its secret does not start', async (t) => {
  const { consume, destination } = await deployed(t);
  const bearer = await consume('feed-consumer');
  const header = await consume('header');
  assert.deepEqual([bearer.status, header.status], ['SUCCEEDED', 'SUCCEEDED']);
  assert.deepEqual(
    destination.posted.map(({ headers }) => [headers.authorization, headers['x-api-key']]),
    [
      ['Bearer of SSM', undefined],
      [undefined, 'of Secrets Manager'],
    ],
  );
  assert.doesNotMatch(JSON.stringify([bearer, header]), /of SSM|of Secrets Manager/);

  const unable =
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to';
  const { status, statusReason } = await consume('missing');
  assert.deepEqual(
    [status, statusReason],
    [
      'FAILED',
      `${unable} retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /local/none`,
    ],
  );
  assert.equal(
    (await consume('keyless')).statusReason,
    `${unable} retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key user`,
  );
  assert.equal(destination.posted.length, 2);
});
