import assert from 'node:assert/strict';
import test from 'node:test';
import { type Answer, secretStores } from './secret-stores.ts';

test('Secrets Manager keeps the current value of a secret and the one before, until it is deleted', async (t) => {
  const { manager } = await secretStores(t);
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
    status: 400,
    __type: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('the token of a value is good for that value only, and a value is a text or bytes', async (t) => {
  const { manager } = await secretStores(t);
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

test('Secrets Manager answers a 501 for what it would have to ignore', async (t) => {
  const { manager } = await secretStores(t);
  await manager('CreateSecret', { Name: 'there', SecretString: 'one', ForceOverwriteReplicaSecret: false, Tags: [] });
  const cases: readonly (readonly [string, Answer])[] = [
    ['CreateSecret', { KmsKeyId: 'alias/mine' }],
    ['CreateSecret', { Tags: [{ Key: 'team', Value: 'feeds' }] }],
    ['CreateSecret', { AddReplicaRegions: [{ Region: 'eu-west-1' }] }],
    ['CreateSecret', { ForceOverwriteReplicaSecret: true }],
    ['CreateSecret', { Type: 'Partner' }],
    ['PutSecretValue', { VersionStages: ['AWSCURRENT', 'AWSPENDING'] }],
    ['PutSecretValue', { RotationToken: 'a'.repeat(36) }],
  ];
  for (const [operation, input] of cases) {
    const id = operation === 'CreateSecret' ? { Name: 'new' } : { SecretId: 'there' };
    const { status, __type, message } = await manager(operation, { ...id, SecretString: 'two', ...input });
    assert.deepEqual([status, __type], [501, 'NotImplemented'], JSON.stringify(input));
    assert.match(String(message), new RegExp(Object.keys(input).join('|')));
  }
  assert.equal((await manager('DescribeSecret', { SecretId: 'new' }))['__type'], 'ResourceNotFoundException');
  assert.equal((await manager('GetSecretValue', { SecretId: 'there' }))['SecretString'], 'one');
  const current = { SecretId: 'there', SecretString: 'two', VersionStages: ['AWSCURRENT'] };
  assert.deepEqual((await manager('PutSecretValue', current))['VersionStages'], ['AWSCURRENT']);
});

test('Secrets Manager has limits, and tells nothing of a value that breaks them', async (t) => {
  const { manager, bare } = await secretStores(t);
  const refusal = async (operation: string, input: object) => {
    const { status, __type, message } = await manager(operation, input);
    assert.equal(status, 400);
    return `${__type}: ${message}`;
  };
  const put = (input: object) => refusal('CreateSecret', { Name: 'new', ...input });
  assert.match(await put({ Name: 'a b' }), /^ValidationException: Invalid name\./);
  assert.match(
    await put({ SecretString: 'x'.repeat(31), ClientRequestToken: 'x'.repeat(31) }),
    /^ValidationException: .* at 'clientRequestToken' .* greater than or equal to 32$/,
  );
  const tooLong =
    "ValidationException: 1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536";
  assert.equal(await put({ SecretString: 'x'.repeat(65_537) }), tooLong);
  assert.match(
    await put({ SecretString: 'ü'.repeat(32_769) }),
    /Value at 'secretString' .* less than or equal to 65536$/,
  );
  assert.match(
    `${(await bare('CreateSecret', { Name: 'new', SecretString: 'one' }))['message']}`,
    /^You must provide a ClientRequestToken value\./,
  );
  await manager('CreateSecret', { Name: 'new', SecretString: 'ü'.repeat(32_768) });
  const remove = (input: object) => refusal('DeleteSecret', { SecretId: 'new', ...input });
  const outside = /^InvalidParameterException: The RecoveryWindowInDays value must be between 7 and 30 days/;
  assert.match(await remove({ RecoveryWindowInDays: 6 }), outside);
  assert.match(await remove({ RecoveryWindowInDays: 31 }), outside);
  assert.match(
    await remove({ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }),
    /^InvalidParameterException: .* in conjunction with RecoveryWindowInDays/,
  );
  await manager('DeleteSecret', { SecretId: 'new', RecoveryWindowInDays: 7 });
  assert.match(await put({}), /^InvalidRequestException: .* already scheduled for deletion/);
});
