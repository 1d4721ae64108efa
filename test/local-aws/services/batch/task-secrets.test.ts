import assert from 'node:assert/strict';
import test from 'node:test';
import { CreateComputeEnvironmentCommand } from '@aws-sdk/client-batch';
import { createSecretsManager } from '../../../../scripts/local-aws/services/secretsmanager/secretsmanager.ts';
import { createSsm } from '../../../../scripts/local-aws/services/ssm/ssm.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import {
  type BatchWorld,
  batchWorld,
  createQueue,
  describe,
  registerScript,
  role,
  submitScript,
} from './batch-world.ts';

const secret = (name: string): string => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`;
const unable =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to';
const fromManager = `${unable} retrieve secret from asm: service call has been retried 1 time(s): `;

/** Batch beside the two stores, with a machine whose jobs need no execution role; nothing may be read as `stranger`. */
async function worldWithSecrets(): Promise<BatchWorld> {
  const aws = await batchWorld();
  const { ports } = aws.world;
  const [ssm, manager] = [createSsm(aws.world), createSecretsManager(aws.world)];
  ports.secrets = {
    parameter: ssm.valueOf,
    secret: (id, version, reader) =>
      id === secret('binary') ? { SecretBinary: Buffer.from('four') } : manager.valueOf(id, version, reader),
  };
  ports.authority = {
    ...ports.authority,
    require(caller, action, resource) {
      if (caller.type === 'role' && caller.roleArn === role('stranger'))
        throw new AwsError('AccessDeniedException', `not allowed: ${action} on ${resource}`);
    },
  };
  ssm.put('/token', 'one');
  manager.put(secret('object'), '{"token":"two"}');
  manager.put(secret('list'), '["three"]');
  const computeResources = {
    ...{ type: 'EC2' as const, allocationStrategy: 'BEST_FIT_PROGRESSIVE' as const, minvCpus: 0, maxvCpus: 4 },
    ...{ subnets: ['subnet-1'], securityGroupIds: ['sg-1'], instanceTypes: ['optimal'], instanceRole: 'instances' },
  };
  await aws.client.send(
    new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'env', type: 'MANAGED', computeResources }),
  );
  await createQueue(aws.client, 'feeds', ['env']);
  return aws;
}

/** Why a job that wants this secret did not start. */
async function reasonFor(aws: BatchWorld, valueFrom: string, executionRoleArn: string | undefined) {
  const container = { executionRoleArn, secrets: [{ name: 'TOKEN', valueFrom }] };
  await registerScript(aws.client, container, { platformCapabilities: ['EC2'] });
  const jobId = await submitScript(aws.client, 'console.log(process.env.TOKEN)');
  await aws.clock.idle();
  const { status, statusReason } = await describe(aws.client, jobId);
  return status === 'FAILED' ? statusReason : status;
}

test('ECS reads secrets as the execution role, which must be there and be allowed to', async () => {
  await using aws = await worldWithSecrets();
  assert.equal(await reasonFor(aws, '/token', role('execution')), 'SUCCEEDED');
  assert.equal(
    await reasonFor(aws, '/token', undefined),
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  );
  const parameter = 'arn:aws:ssm:eu-central-1:123456789012:parameter/token';
  assert.equal(
    await reasonFor(aws, '/token', role('stranger')),
    `${unable} retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: not allowed: ssm:GetParameters on ${parameter}`,
  );
  assert.equal(
    await reasonFor(aws, secret('object'), role('stranger')),
    `${fromManager}failed to fetch secret ${secret('object')} from secrets manager: AccessDeniedException: not allowed: secretsmanager:GetSecretValue on ${secret('object')}`,
  );
});

test('only a text can be a variable, and only an own member of an object a part of one', async () => {
  await using aws = await worldWithSecrets();
  const reason = (valueFrom: string) => reasonFor(aws, valueFrom, role('execution'));
  assert.equal(await reason(`${secret('object')}:token::`), 'SUCCEEDED');
  assert.equal(
    await reason(`${secret('object')}:toString::`),
    `${fromManager}retrieved secret from Secrets Manager did not contain json key toString`,
  );
  assert.equal(
    await reason(`${secret('list')}:0::`),
    `${fromManager}the value of secret ${secret('list')} is no JSON object`,
  );
  assert.equal(
    await reason(secret('binary')),
    `${fromManager}secret ${secret('binary')} has no text, and Batch supports no binary secrets`,
  );
});
