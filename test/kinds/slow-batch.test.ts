import assert from 'node:assert/strict';
import test from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { awsServing, heardStep } from './served.ts';

const serveBatch = (handlers: Handlers<typeof batch>) => ({
  batch: () => defineService(batch, batch.BatchClient)(handlers),
});

const environment = {
  name: 'main',
  type: 'FARGATE',
  state: 'ENABLED',
  maxvCpus: 4,
  subnets: ['subnet-0a'],
  securityGroupIds: ['sg-1'],
} as const;

const detail = (status: batch.CEStatus, state: batch.CEState = 'ENABLED', statusReason = '') => ({
  computeEnvironmentName: 'main',
  computeEnvironmentArn: 'arn:aws:batch:eu-central-1:123456789012:compute-environment/main',
  status,
  state,
  statusReason,
  tags: { 'baton:owner': 'baton/test' },
});

test('a compute environment is waited for until it is VALID', async (context) => {
  const statuses: batch.CEStatus[] = ['CREATING', 'CREATING', 'VALID'];
  let created = false;
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => ({
        computeEnvironments: created ? [detail(statuses.shift() ?? 'VALID')] : [],
      }),
      CreateComputeEnvironment: () => {
        created = true;
        return {};
      },
    }),
  );
  const { heard, step } = heardStep();
  await computeEnvironmentKind(aws).create(environment, step);
  assert.deepEqual(heard, Array(2).fill('compute environment "main" is CREATING'));
});

test('a compute environment that becomes INVALID fails with the reason AWS gives', async (context) => {
  let created = false;
  const reason = 'CLIENT_ERROR - subnet subnet-0a does not exist';
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => ({
        computeEnvironments: created ? [detail('INVALID', 'ENABLED', reason)] : [],
      }),
      CreateComputeEnvironment: () => {
        created = true;
        return {};
      },
    }),
  );
  await assert.rejects(
    computeEnvironmentKind(aws).create(environment, heardStep().step),
    new Error(`compute environment "main" is INVALID (${reason})`),
  );
});

test('a compute environment is disabled, deleted once no queue holds it, and waited for until it is gone', async (context) => {
  const calls: string[] = [];
  let held = 2;
  let live: batch.ComputeEnvironmentDetail | undefined = detail('VALID');
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => {
        const computeEnvironments = live === undefined ? [] : [live];
        if (live?.status === 'DELETING') live = undefined;
        return { computeEnvironments };
      },
      UpdateComputeEnvironment: ({ state }) => {
        calls.push(`state ${state}`);
        live = detail('VALID', 'DISABLED');
        return {};
      },
      DeleteComputeEnvironment: () => {
        calls.push('delete');
        if (held-- > 0)
          throw new AwsError('ClientException', 'Cannot delete, found existing JobQueue relationship', 400);
        live = detail('DELETING', 'DISABLED');
        return {};
      },
    }),
  );
  const kind = computeEnvironmentKind(aws);
  const [observed] = await kind.list(['main']);
  assert.ok(observed);
  const { heard, step } = heardStep();
  await kind.delete(observed.live, step);
  assert.deepEqual(calls, ['state DISABLED', 'delete', 'delete', 'delete']);
  assert.deepEqual(heard, [
    ...Array(2).fill('compute environment "main" is still attached to a job queue'),
    'compute environment "main" is DELETING',
  ]);
});

test('deleted compute environments that linger in lists are not there', async (context) => {
  const aws = await awsServing(
    context,
    serveBatch({ DescribeComputeEnvironments: () => ({ computeEnvironments: [detail('DELETED', 'DISABLED')] }) }),
  );
  assert.deepEqual(await computeEnvironmentKind(aws).list(['main']), []);
});
