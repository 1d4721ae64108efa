import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type ComputeEnvironmentDetail,
  CreateComputeEnvironmentCommand,
  type CreateComputeEnvironmentCommandInput,
  DeleteComputeEnvironmentCommand,
  DescribeComputeEnvironmentsCommand,
  ListTagsForResourceCommand,
  paginateDescribeComputeEnvironments,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { type BatchWorld, batchWorld, createEnvironment, createQueue } from './batch-world.ts';

const fargate = { type: 'FARGATE' as const, maxvCpus: 4, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] };
const arn = 'arn:aws:batch:eu-central-1:123456789012:compute-environment/env';

async function describe({ client }: BatchWorld, name = 'env'): Promise<ComputeEnvironmentDetail | undefined> {
  const command = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [name] });
  return (await client.send(command)).computeEnvironments?.[0];
}

const update = ({ client }: BatchWorld, change: object) =>
  client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'env', ...change }));

const remove = ({ client }: BatchWorld) =>
  client.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: 'env' }));

test('a compute environment on Fargate comes back with what Batch fills in', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  const { uuid, ecsClusterArn, ...detail } = (await describe(aws)) ?? {};
  assert.equal(ecsClusterArn, `arn:aws:ecs:eu-central-1:123456789012:cluster/AWSBatch-env-${uuid}`);
  assert.deepEqual(detail, {
    computeEnvironmentName: 'env',
    computeEnvironmentArn: arn,
    type: 'MANAGED',
    state: 'ENABLED',
    status: 'VALID',
    statusReason: 'ComputeEnvironment Healthy',
    computeResources: fargate,
    serviceRole: 'arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch',
    containerOrchestrationType: 'ECS',
    tags: {},
  });
});

test('with a settling delay a compute environment is CREATING, UPDATING and DELETING for that long', async () => {
  await using aws = await batchWorld({ settlingMs: 5_000 });
  await createEnvironment(aws.client, 'env', 4);
  assert.equal((await describe(aws))?.status, 'CREATING');
  await assert.rejects(update(aws, { state: 'DISABLED' }), /Cannot update, resource is being modified/);
  await aws.clock.advanceTo(aws.clock.now() + 5_000);
  assert.equal((await describe(aws))?.status, 'VALID');
  await update(aws, { state: 'DISABLED' });
  assert.equal((await describe(aws))?.status, 'UPDATING');
  await assert.rejects(remove(aws), /Cannot delete, resource is being modified/);
  await aws.clock.advanceTo(aws.clock.now() + 5_000);
  await remove(aws);
  assert.equal((await describe(aws))?.status, 'DELETING');
  await aws.clock.advanceTo(aws.clock.now() + 5_000);
  assert.equal((await describe(aws))?.status, 'DELETED');
});

test('an enabled compute environment cannot be deleted, nor one that a queue uses', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await createEnvironment(aws.client, 'other', 4);
  await createQueue(aws.client, 'feeds', ['env']);
  await assert.rejects(remove(aws), { name: 'ClientException', message: 'Cannot delete, state must be DISABLED' });
  await update(aws, { state: 'DISABLED' });
  await assert.rejects(remove(aws), { message: 'Cannot delete, found existing JobQueue relationship' });
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment: 'other' }];
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', computeEnvironmentOrder }));
  await remove(aws);
  assert.equal((await describe(aws))?.status, 'DELETED');
});

test('a deleted compute environment lingers in lists for a while, and its name can be used again at once', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await update(aws, { state: 'DISABLED' });
  await remove(aws);
  assert.equal((await describe(aws))?.status, 'DELETED');
  await assert.rejects(update(aws, { state: 'ENABLED' }), /does not exist/);
  await createEnvironment(aws.client, 'env', 8);
  assert.equal((await describe(aws))?.computeResources?.maxvCpus, 8);
  await update(aws, { state: 'DISABLED' });
  await remove(aws);
  await aws.clock.advanceTo(aws.clock.now() + 3_600_000);
  assert.equal(await describe(aws), undefined);
});

test('vCPUs, subnets and security groups are updated in place; what is left out keeps its value', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await update(aws, { computeResources: { maxvCpus: 32, subnets: ['subnet-2'] } });
  assert.deepEqual((await describe(aws))?.computeResources, { ...fargate, maxvCpus: 32, subnets: ['subnet-2'] });
});

test('FARGATE does not become FARGATE_SPOT by an update', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await assert.rejects(update(aws, { computeResources: { type: 'FARGATE_SPOT' } }), /from FARGATE to FARGATE_SPOT/);
});

test('tags are changed by ARN, and the tagging API sees them', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await aws.client.send(new TagResourceCommand({ resourceArn: arn, tags: { a: '1', b: '2' } }));
  await aws.client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['a'] }));
  assert.deepEqual((await aws.client.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags, { b: '2' });
  assert.deepEqual(taggedResources(aws.world), [{ arn, tags: { b: '2' } }]);
});

test('descriptions come in pages', async () => {
  await using aws = await batchWorld();
  for (const name of ['a', 'b', 'c']) await createEnvironment(aws.client, name, 1);
  const sizes: number[] = [];
  for await (const each of paginateDescribeComputeEnvironments({ client: aws.client, pageSize: 2 }, {}))
    sizes.push(each.computeEnvironments?.length ?? 0);
  assert.deepEqual(sizes, [2, 1]);
});

const refusals: readonly [string, Partial<CreateComputeEnvironmentCommandInput>, RegExp][] = [
  ['a name with a dot', { computeEnvironmentName: 'a.b' }, /name/i],
  ['creation in state DISABLED', { state: 'DISABLED' }, /created in state ENABLED/],
  ['an unmanaged environment', { type: 'UNMANAGED' }, /UNMANAGED/],
  [
    'fields of EC2 on Fargate',
    { computeResources: { ...fargate, minvCpus: 0 } },
    /minvCpus is not applicable for Fargate/,
  ],
  ['17 subnets', { computeResources: { ...fargate, subnets: Array(17).fill('subnet-1') } }, /subnets/i],
  [
    'six security groups',
    { computeResources: { ...fargate, securityGroupIds: Array(6).fill('sg-1') } },
    /security ?groups/i,
  ],
];
for (const [what, change, message] of refusals)
  test(`CreateComputeEnvironment refuses ${what}`, async () => {
    await using aws = await batchWorld();
    const input = { computeEnvironmentName: 'env', type: 'MANAGED' as const, computeResources: fargate, ...change };
    await assert.rejects(aws.client.send(new CreateComputeEnvironmentCommand(input)), {
      name: 'ClientException',
      message,
    });
  });

test('the same name twice is refused', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await assert.rejects(createEnvironment(aws.client, 'env', 4), { message: 'Object already exists' });
});
