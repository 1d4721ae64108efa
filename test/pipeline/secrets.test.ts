import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { appliedConfig, changedConfig } from '../support/applied-config.ts';
import { numbered, storeFeed, take } from '../support/consumer-runs.ts';
import { feedBucket } from '../support/feed-config.ts';
import { startScriptedDestination } from '../support/scripted-destination.ts';

const secret = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:local/service-AbCdEf';

/** A consumer whose token is a parameter of SSM, one whose token is a part of a secret, and two that cannot start. */
function secretConfig(t: TestContext): string {
  const timeout = 'timeout: 2h\n';
  const folder = changedConfig(t, {
    'job-definitions.yaml': [[timeout, `${timeout}    secrets: { DESTINATION_TOKEN: /local/destination-token }\n`]],
  });
  const others = { header: `${secret}:token::`, missing: '/local/none', keyless: `${secret}:user::` };
  const definitions = Object.entries(others).map(
    ([name, reference]) => `  ${name}:
    image: jobs/feed-consumer
    vcpus: 1
    memory: 2048
    environment: { BUCKET: '\${bucket.feeds}', DESTINATION_URL: '\${var.destinationUrl}', DESTINATION_HEADER: x-api-key }
    secrets: { DESTINATION_TOKEN: '${reference}' }
    grants: [{ readWrite: bucket.feeds }]
`,
  );
  writeFileSync(join(folder, 'others.yaml'), `jobDefinitions:\n${definitions.join('')}`);
  return folder;
}

/** That config applied, and a consumer's run by its definition. */
async function deployed(t: TestContext) {
  const destination = await startScriptedDestination(take);
  t.after(() => destination[Symbol.asyncDispose]());
  const { client, run } = await appliedConfig(t, {
    directory: secretConfig(t),
    secrets: { '/local/destination-token': 'of SSM', [secret]: '{"token":"of Secrets Manager"}' },
    variables: { destinationUrl: destination.url },
  });
  const s3 = client(S3);
  const put = async (Key: string, Body: string | Uint8Array): Promise<string> =>
    (await s3.putObject({ Bucket: feedBucket, Key, Body })).ETag ?? '';
  const consume = async (definition: string) => {
    const message = await storeFeed({ bucket: feedBucket, put }, definition, numbered(2));
    return await run(definition, { DOWNLOAD_MESSAGE: JSON.stringify(message) });
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
