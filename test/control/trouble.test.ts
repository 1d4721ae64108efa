import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test, { type TestContext } from 'node:test';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { explained } from '../../scripts/control/trouble.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { feedConfig } from '../support/feed-config.ts';
import { reconcile } from '../support/reconcile-command.ts';

const local = { directory: feedConfig, environment: 'local' } as const;

async function listening(t: TestContext, server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Something that refuses every request as STS does. */
const refusing = (t: TestContext, code: string, message: string): Promise<string> =>
  listening(
    t,
    createServer((_message, reply) => {
      reply.writeHead(403, { 'content-type': 'text/xml' });
      reply.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    }),
  );

/** An address where nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const staging = ['plan', '--environment', 'staging'];

test('expired credentials are one sentence', async (t) => {
  const endpoint = await refusing(t, 'ExpiredToken', 'The security token included in the request is expired');
  assert.deepEqual(await reconcile(['plan'], endpoint), {
    code: 1,
    out: '',
    err: 'asking the embedded AWS who is calling: the credentials have expired; sign in again\n',
  });
});

test('no credentials are one sentence', async () => {
  const { code, err } = await reconcile(staging);
  assert.equal(code, 1);
  assert.match(
    err,
    /^asking AWS who is calling: there are no credentials: CredentialsProviderError: Could not load credentials from any providers; give credentials of account \d{12}, such as a profile in AWS_PROFILE\n$/,
  );
});

test('a closed port is one sentence', async () => {
  const endpoint = await closedPort();
  const { code, err } = await reconcile(staging, undefined, { ...keys, AWS_ENDPOINT_URL_STS: endpoint });
  assert.equal(code, 1);
  assert.match(
    err,
    /^asking AWS who is calling: AWS cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\); see to the network/,
  );
});

test('another region in the shell does not matter', async (t) => {
  const aws = await startLocalAws({ region: 'eu-central-1' });
  t.after(() => aws.close());
  const { code, out, err } = await reconcile(['plan'], aws.endpoint, {
    ...{ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-2' },
  });
  assert.deepEqual([code, err], [2, '']);
  assert.ok(out.includes('arn:aws:batch:eu-central-1:'));
  assert.ok(!out.includes('us-west-2'));
});

const rows = [
  [
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
    'AWS does not know the credentials (InvalidClientTokenId: The security token included in the request is invalid.); give credentials of account 000000000000, such as a profile in AWS_PROFILE, and see that region eu-central-1 is enabled there',
  ],
  [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match',
    'AWS does not accept the signature (SignatureDoesNotMatch: The request signature we calculated does not match); either the secret key does not belong to the access key, or the clock of this machine is wrong',
  ],
  [
    'OptInRequired',
    'You are not subscribed to this service',
    'region eu-central-1 is not enabled in account 000000000000 (OptInRequired: You are not subscribed to this service); enable it, or choose another region',
  ],
  [
    'AccessDenied',
    'User: arn:aws:iam::000000000000:user/x is not authorized',
    'the credentials do not allow it (AccessDenied: User: arn:aws:iam::000000000000:user/x is not authorized); give their role that permission; of a role that bootstrap made, with npm run bootstrap',
  ],
] as const;

for (const [code, message, sentence] of rows) {
  test(`${code} is one sentence`, async (t) => {
    const endpoint = await refusing(t, code, message);
    await assert.rejects(openEnvironment({ ...local, endpoint }), {
      name: 'PlanError',
      message: `asking the embedded AWS who is calling: ${sentence}`,
    });
  });
}

async function opened(t: TestContext) {
  const aws = await startLocalAws({ region: 'eu-central-1' });
  const environment = await openEnvironment({ ...local, endpoint: aws.endpoint });
  t.after(async () => {
    environment.close();
    await aws.close();
  });
  return environment;
}

const refused = (name: string, message: string) => () => () =>
  Promise.reject(Object.assign(new Error(message), { name }));

test('of a read that is not allowed the kinds are named, and what to do', async (t) => {
  const environment = await opened(t);
  const message = 'User: x is not authorized to perform: batch:DescribeJobQueues';
  environment.aws.batch.middlewareStack.add(refused('AccessDeniedException', message), { step: 'initialize' });
  await assert.rejects(environment.plan(), {
    name: 'PlanError',
    message:
      'reading live state (compute-environment, scheduling-policy, job-queue, job-definition): the credentials do not allow it ' +
      '(AccessDeniedException: User: x is not authorized to perform: batch:DescribeJobQueues); give their role that permission; of a role that bootstrap made, with npm run bootstrap',
  });
});

test('credentials that expire while it reads are told once, whatever each service calls that', async (t) => {
  const environment = await opened(t);
  const step = { step: 'initialize' } as const;
  environment.aws.batch.middlewareStack.add(refused('ExpiredTokenException', 'is expired'), step);
  environment.aws.sqs.middlewareStack.add(refused('ExpiredToken', 'has expired'), step);
  await assert.rejects(environment.plan(), {
    name: 'PlanError',
    message:
      'reading live state (dead-letter-queue, compute-environment, scheduling-policy, job-queue, job-definition): the credentials have expired; sign in again',
  });
});

test('what is not of the network, the credentials or the clock keeps its own words', async () => {
  const where = { account: '1', region: 'eu-central-1' };
  const told = (error: Error, more: object = {}) => explained(Promise.reject(Object.assign(error, more)), where);
  await assert.rejects(told(new Error('x'), { name: 'RequestTimeTooSkewed' }), {
    message: 'the clock of this machine is wrong (RequestTimeTooSkewed: x); set it',
  });
  const unreachable = {
    message: /^AWS cannot be reached \(x\); see to the network, and that there is a region eu-central-1$/,
  };
  await assert.rejects(told(new Error('x'), { code: 'ENOTFOUND' }), unreachable);
  const timedOut = Object.assign(new Error('x'), { code: 'ETIMEDOUT' });
  await assert.rejects(told(new AggregateError([timedOut])), unreachable);
  await assert.rejects(told(new Error('Rate exceeded'), { name: 'ThrottlingException' }), {
    name: 'ThrottlingException',
  });
  await assert.rejects(told(new TypeError('x')), TypeError);
});
