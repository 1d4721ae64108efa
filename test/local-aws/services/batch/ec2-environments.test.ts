import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type ComputeEnvironmentDetail,
  type ComputeResource,
  CreateComputeEnvironmentCommand,
  type CreateComputeEnvironmentRequest,
  DescribeComputeEnvironmentsCommand,
  UpdateComputeEnvironmentCommand,
  type UpdateComputeEnvironmentRequest,
} from '@aws-sdk/client-batch';
import { type BatchWorld, batchWorld, role } from './batch-world.ts';

const resources = (change: Partial<ComputeResource> = {}): ComputeResource => ({
  type: 'EC2',
  minvCpus: 0,
  maxvCpus: 8,
  subnets: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  instanceTypes: ['optimal'],
  instanceRole: 'ecsInstanceRole',
  ...change,
});
const spotFleet = role('spot-fleet');

const create = (
  { client }: BatchWorld,
  change: Partial<ComputeResource> = {},
  rest: Partial<CreateComputeEnvironmentRequest> = {},
) =>
  client.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: 'env',
      type: 'MANAGED',
      computeResources: resources(change),
      ...rest,
    }),
  );

const update = ({ client }: BatchWorld, change: Omit<UpdateComputeEnvironmentRequest, 'computeEnvironment'>) =>
  client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'env', ...change }));

async function describe({ client }: BatchWorld): Promise<ComputeEnvironmentDetail> {
  const { computeEnvironments = [] } = await client.send(new DescribeComputeEnvironmentsCommand({}));
  const [only] = computeEnvironments;
  if (only === undefined) throw new Error('there is no compute environment');
  return only;
}

const filledIn = { desiredvCpus: 0, ec2Configuration: [{ imageType: 'ECS_AL2023' }], tags: {} };

test('an environment on EC2 or Spot comes back as it was given, with what Batch fills in and nothing else', async () => {
  for (const change of [
    {},
    { type: 'SPOT', spotIamFleetRole: spotFleet },
    { type: 'SPOT', allocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED', bidPercentage: 60 },
    {
      allocationStrategy: 'BEST_FIT_PROGRESSIVE',
      placementGroup: 'together',
      ec2KeyPair: 'key',
      tags: { Name: 'batch' },
    },
    { ec2Configuration: [{ imageType: 'ECS_AL2023_NVIDIA', imageIdOverride: 'ami-1' }] },
    { securityGroupIds: [], launchTemplate: { launchTemplateName: 'disk', version: '$Latest' } },
  ] satisfies Partial<ComputeResource>[]) {
    await using aws = await batchWorld();
    await create(aws, change);
    const { computeResources, updatePolicy, status } = await describe(aws);
    assert.deepEqual(computeResources, { ...resources(), ...filledIn, ...change });
    assert.deepEqual([updatePolicy, status], [undefined, 'VALID']);
  }
});

const refusals: readonly [string, Partial<ComputeResource>, RegExp][] = [
  ['no instance role', { instanceRole: undefined }, /Instance role is required\./],
  ['no minvCpus', { minvCpus: undefined }, /Resource minvCpus is required\./],
  ['no instance types', { instanceTypes: [] }, /Instance types are required\./],
  ['minvCpus over maxvCpus', { minvCpus: 9 }, /minvCpus must be between 0 and maxvCpus \(8\), not 9/],
  ['desiredvCpus over maxvCpus', { desiredvCpus: 9 }, /desiredvCpus must be between/],
  [
    'a strategy of Spot on EC2',
    { allocationStrategy: 'SPOT_CAPACITY_OPTIMIZED' },
    /Invalid compute resource allocation strategy SPOT_CAPACITY_OPTIMIZED for type EC2/,
  ],
  ['a bid on EC2', { bidPercentage: 60 }, /bidPercentage is not applicable for EC2/],
  ['a Spot fleet role on EC2', { spotIamFleetRole: spotFleet }, /spotIamFleetRole is not applicable for EC2/],
  ['Spot of the best fit without a fleet role', { type: 'SPOT' }, /Spot IAM fleet role is required/],
  [
    'a bid of nothing',
    { type: 'SPOT', allocationStrategy: 'SPOT_CAPACITY_OPTIMIZED', bidPercentage: 0 },
    /bidPercentage must be greater than 0/,
  ],
  ['neither security groups nor a launch template', { securityGroupIds: [] }, /securityGroupIds must be provided/],
  [
    'a launch template by id and by name',
    { launchTemplate: { launchTemplateId: 'lt-1', launchTemplateName: 'disk' } },
    /launchTemplateId or launchTemplateName/,
  ],
  ['a launch template without a name', { launchTemplate: {} }, /launchTemplateId or launchTemplateName/],
  ['three images', { ec2Configuration: Array(3).fill({ imageType: 'ECS_AL2' }) }, /at most 2/],
];
for (const [what, change, message] of refusals)
  test(`an environment on EC2 is refused with ${what}`, async () => {
    await using aws = await batchWorld();
    await assert.rejects(create(aws, change), { name: 'ClientException', message });
  });

test('the bounds of any environment move in place, and the instances follow them', async () => {
  await using aws = await batchWorld();
  await create(aws);
  await update(aws, { computeResources: { minvCpus: 2, maxvCpus: 16 } });
  assert.deepEqual((await describe(aws)).computeResources, {
    ...resources(),
    ...filledIn,
    minvCpus: 2,
    maxvCpus: 16,
    desiredvCpus: 2,
  });
  await update(aws, { computeResources: { desiredvCpus: 4 } });
  await assert.rejects(update(aws, { computeResources: { desiredvCpus: 3 } }), {
    name: 'ClientException',
    message: /^Manually scaling down compute environment is not supported\./,
  });
  await update(aws, { computeResources: { minvCpus: 0, maxvCpus: 3 } });
  assert.equal((await describe(aws)).computeResources?.desiredvCpus, 3);
});

test('what takes new instances is updated for other strategies than BEST_FIT, and the type with it', async () => {
  await using aws = await batchWorld();
  await create(aws, { allocationStrategy: 'BEST_FIT_PROGRESSIVE', imageId: 'ami-1', ec2KeyPair: 'key' });
  const change = {
    ...{ instanceTypes: ['c6i', 'm6i'], subnets: ['subnet-2'], tags: { Name: 'batch' }, imageId: '', ec2KeyPair: '' },
    ...{ launchTemplate: { launchTemplateName: 'disk' }, updateToLatestImageVersion: true },
  };
  await update(aws, { computeResources: change, updatePolicy: { jobExecutionTimeoutMinutes: 60 } });
  const { imageId: _, ec2KeyPair: __, updateToLatestImageVersion: ___, ...kept } = change;
  const progressive = { ...resources(), ...filledIn, allocationStrategy: 'BEST_FIT_PROGRESSIVE', ...kept };
  const after = await describe(aws);
  assert.deepEqual(after.computeResources, progressive);
  assert.deepEqual(after.updatePolicy, { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: 60 });
  const spot = { type: 'SPOT', allocationStrategy: 'SPOT_CAPACITY_OPTIMIZED', bidPercentage: 50 } as const;
  await update(aws, { computeResources: { ...spot, launchTemplate: { launchTemplateName: '' } } });
  const { launchTemplate: ____, ...withoutTemplate } = progressive;
  assert.deepEqual((await describe(aws)).computeResources, { ...withoutTemplate, ...spot });
  await assert.rejects(
    update(aws, { computeResources: { type: 'EC2' } }),
    /Invalid compute resource allocation strategy SPOT_CAPACITY_OPTIMIZED for type EC2/,
  );
});

test('with BEST_FIT, named or not, nothing that takes new instances is updated, nor how to do so', async () => {
  for (const allocationStrategy of [undefined, 'BEST_FIT'] as const) {
    await using aws = await batchWorld();
    await create(aws, { allocationStrategy });
    const message =
      /can be updated for CE only with Allocation Strategy BEST_FIT_PROGRESSIVE and SPOT_CAPACITY_OPTIMIZED/;
    await assert.rejects(update(aws, { computeResources: { instanceTypes: ['c6i'] } }), { message });
    await assert.rejects(update(aws, { computeResources: { allocationStrategy: 'BEST_FIT_PROGRESSIVE' } }), {
      message,
    });
    await assert.rejects(update(aws, { updatePolicy: { terminateJobsOnUpdate: true } }), { message });
    await update(aws, { state: 'DISABLED' });
  }
});

test('a role of one’s own stays one, and then nothing that takes new instances is updated', async () => {
  await using aws = await batchWorld();
  await create(aws, { allocationStrategy: 'BEST_FIT_PROGRESSIVE' }, { serviceRole: role('batch') });
  await assert.rejects(update(aws, { computeResources: { subnets: ['subnet-2'] } }), {
    name: 'ClientException',
    message: /can be updated only for Non-fargate Compute Environment having a Batch Service Linked Role/,
  });
  const linked = 'arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch';
  await assert.rejects(update(aws, { serviceRole: linked }), /Cannot update serviceRole/);
  await update(aws, { serviceRole: role('other'), computeResources: { maxvCpus: 4 } });
  assert.equal((await describe(aws)).serviceRole, role('other'));
});

test('the 51st compute environment is refused', async () => {
  await using aws = await batchWorld();
  const named = (name: string) => create(aws, {}, { computeEnvironmentName: name });
  await Promise.all(Array.from({ length: 50 }, (_, at) => named(`env-${at}`)));
  await assert.rejects(named('one-more'), { name: 'ClientException', message: /limit/i });
});
