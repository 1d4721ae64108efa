import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';

type Answer = Readonly<Record<string, unknown>>;

/** The two services, asked as the aws CLI asks them. */
async function stores(t: TestContext, secrets: Readonly<Record<string, string>> = {}) {
  const aws = await startLocalAws({ region: 'eu-central-1', secrets });
  t.after(() => aws.close());
  const asking =
    (service: string, target: string) =>
    async (operation: string, input: unknown): Promise<Answer> => {
      const response = await fetch(aws.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${target}.${operation}`,
          authorization: `AWS4-HMAC-SHA256 Credential=me/20261123/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify(input),
      });
      const answer: unknown = await response.json();
      assert.ok(typeof answer === 'object' && answer !== null);
      return { ...answer };
    };
  return { manager: asking('secretsmanager', 'secretsmanager'), ssm: asking('ssm', 'AmazonSSM') };
}

test('Secrets Manager keeps the current value of a secret and the one before, until it is deleted', async (t) => {
  const { manager } = await stores(t);
  const { ARN, VersionId } = await manager('CreateSecret', { Name: 'local/token', SecretString: 'one' });
  assert.match(String(ARN), /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:local\/token-\w{6}$/);
  assert.equal((await manager('CreateSecret', { Name: 'local/token' }))['__type'], 'ResourceExistsException');
  await manager('PutSecretValue', { SecretId: ARN, SecretString: 'two' });
  const current = async (more: Answer) =>
    (await manager('GetSecretValue', { SecretId: 'local/token', ...more }))['SecretString'];
  assert.deepEqual(
    [await current({}), await current({ VersionStage: 'AWSPREVIOUS' }), await current({ VersionId })],
    ['two', 'one', 'one'],
  );
  const { VersionIdsToStages } = await manager('DescribeSecret', { SecretId: String(ARN).slice(0, -7) });
  assert.deepEqual(Object.values(VersionIdsToStages ?? {}), [['AWSCURRENT'], ['AWSPREVIOUS']]);
  await manager('DeleteSecret', { SecretId: 'local/token' });
  assert.equal((await manager('GetSecretValue', { SecretId: ARN }))['__type'], 'InvalidRequestException');
  await manager('CreateSecret', { Name: 'again', SecretString: 'one' });
  await manager('DeleteSecret', { SecretId: 'again', ForceDeleteWithoutRecovery: true });
  await manager('CreateSecret', { Name: 'again', SecretString: 'another' });
  assert.equal((await manager('GetSecretValue', { SecretId: 'again' }))['SecretString'], 'another');
  const missing = await manager('GetSecretValue', { SecretId: 'another' });
  assert.deepEqual(missing, {
    __type: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('Parameter Store shows a SecureString to whoever asks for decryption', async (t) => {
  const { ssm } = await stores(t, { '/local/given': 'there from the beginning' });
  const put = { Name: '/local/token', Type: 'SecureString', Value: 'one' };
  assert.deepEqual(await ssm('PutParameter', put), { Version: 1, Tier: 'Standard' });
  assert.equal((await ssm('PutParameter', put))['__type'], 'ParameterAlreadyExists');
  assert.equal((await ssm('PutParameter', { ...put, Value: 'two', Overwrite: true }))['Version'], 2);
  const get = { Names: ['/local/token', '/local/given', '/none'] };
  const values = ({ Parameters, InvalidParameters }: Answer) => {
    assert.ok(Array.isArray(Parameters));
    return [...Parameters.map(({ Value }) => Value), InvalidParameters];
  };
  assert.deepEqual(values(await ssm('GetParameters', { ...get, WithDecryption: true })), [
    'two',
    'there from the beginning',
    ['/none'],
  ]);
  assert.doesNotMatch(JSON.stringify(await ssm('GetParameters', get)), /"two"|beginning/);
  await ssm('DeleteParameter', { Name: '/local/token' });
  assert.equal((await ssm('GetParameter', { Name: '/local/token' }))['__type'], 'ParameterNotFound');
});

test('the token of a value is good for that value only, and a value is a text or bytes', async (t) => {
  const { manager } = await stores(t);
  const both = { SecretString: 'one', SecretBinary: 'b25l' };
  assert.equal((await manager('CreateSecret', { Name: 'token', ...both }))['__type'], 'InvalidRequestException');
  const token = { ClientRequestToken: 'a'.repeat(32) };
  const { VersionId } = await manager('CreateSecret', { Name: 'token', SecretString: 'one', ...token });
  const put = (value: object) => manager('PutSecretValue', { SecretId: 'token', ...value });
  assert.equal((await put({ SecretString: 'one', ...token }))['VersionId'], VersionId);
  assert.equal((await put({ SecretString: 'two', ...token }))['__type'], 'ResourceExistsException');
  assert.equal((await put(both))['__type'], 'InvalidRequestException');
  assert.equal((await manager('GetSecretValue', { SecretId: 'token' }))['SecretString'], 'one');
});

test('a parameter of more than 4,096 characters must ask for the advanced tier', async (t) => {
  const { ssm } = await stores(t);
  const put = { Name: 'long', Type: 'String', Value: 'x'.repeat(4_097) };
  assert.equal((await ssm('PutParameter', put))['__type'], 'ValidationException');
  assert.deepEqual(await ssm('PutParameter', { ...put, Tier: 'Advanced' }), { Version: 1, Tier: 'Advanced' });
  assert.equal(
    (await ssm('PutParameter', { ...put, Name: 'other', Tier: 'Intelligent-Tiering' }))['__type'],
    'NotImplemented',
  );
});
