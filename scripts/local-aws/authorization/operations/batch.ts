import type * as Batch from '@aws-sdk/client-batch';
import { arnIn, arnOf, creating, type Need, type Needs, passRole, requestTags, type Site, tagging } from '../need.ts';

const on = (kind: string, action: string, site: Site, nameOrArn: string): readonly Need[] => [
  { action: `batch:${action}`, resource: arnOf(site, 'batch', `${kind}/`, nameOrArn) },
];

/** Actions without resource-level permission. */
const anywhere = (action: string) => (): readonly Need[] => [{ action: `batch:${action}`, resource: '*' }];

interface QueueInput {
  readonly computeEnvironmentOrder?: readonly { readonly computeEnvironment: string | undefined }[] | undefined;
  readonly schedulingPolicyArn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What a queue refers to is checked with it, in the same request. */
const queueParts = (
  action: string,
  site: Site,
  { computeEnvironmentOrder = [], schedulingPolicyArn, tags = {} }: QueueInput,
): readonly Need[] => {
  const context = requestTags(tags);
  const parts = [
    ...computeEnvironmentOrder.flatMap(({ computeEnvironment = '' }) =>
      on('compute-environment', action, site, computeEnvironment),
    ),
    ...(schedulingPolicyArn ? on('scheduling-policy', action, site, schedulingPolicyArn) : []),
  ];
  return parts.map((need) => ({ ...need, context }));
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html */
export const batchNeeds: Needs<typeof Batch> = {
  CancelJob: ({ jobId }, site) => on('job', 'CancelJob', site, jobId),
  CreateComputeEnvironment: ({ computeEnvironmentName, computeResources, serviceRole, tags }, site) => [
    ...creating(
      'batch:CreateComputeEnvironment',
      'batch:TagResource',
      arnIn(site, 'batch', `compute-environment/${computeEnvironmentName}`),
      tags,
    ),
    ...passRole(serviceRole, 'batch.amazonaws.com'),
    ...passRole(computeResources?.spotIamFleetRole, 'spotfleet.amazonaws.com'),
  ],
  CreateJobQueue: (input, site) => [
    ...creating(
      'batch:CreateJobQueue',
      'batch:TagResource',
      arnIn(site, 'batch', `job-queue/${input.jobQueueName}`),
      input.tags,
    ),
    ...queueParts('CreateJobQueue', site, input),
  ],
  CreateSchedulingPolicy: ({ name, tags }, site) =>
    creating(
      'batch:CreateSchedulingPolicy',
      'batch:TagResource',
      arnIn(site, 'batch', `scheduling-policy/${name}`),
      tags,
    ),
  DeleteComputeEnvironment: ({ computeEnvironment }, site) =>
    on('compute-environment', 'DeleteComputeEnvironment', site, computeEnvironment),
  DeleteJobQueue: ({ jobQueue }, site) => on('job-queue', 'DeleteJobQueue', site, jobQueue),
  DeleteSchedulingPolicy: ({ arn }, site) => on('scheduling-policy', 'DeleteSchedulingPolicy', site, arn),
  DeregisterJobDefinition: ({ jobDefinition }, site) =>
    on('job-definition', 'DeregisterJobDefinition', site, jobDefinition),
  DescribeComputeEnvironments: anywhere('DescribeComputeEnvironments'),
  DescribeJobDefinitions: anywhere('DescribeJobDefinitions'),
  DescribeJobQueues: anywhere('DescribeJobQueues'),
  DescribeJobs: anywhere('DescribeJobs'),
  DescribeSchedulingPolicies: ({ arns }, site) =>
    arns.flatMap((arn) => on('scheduling-policy', 'DescribeSchedulingPolicies', site, arn)),
  GetJobQueueSnapshot: ({ jobQueue }, site) => on('job-queue', 'GetJobQueueSnapshot', site, jobQueue),
  ListJobs: anywhere('ListJobs'),
  ListSchedulingPolicies: anywhere('ListSchedulingPolicies'),
  ListTagsForResource: ({ resourceArn }) => [{ action: 'batch:ListTagsForResource', resource: resourceArn }],
  RegisterJobDefinition: ({ jobDefinitionName, containerProperties, tags }, site) => [
    ...creating(
      'batch:RegisterJobDefinition',
      'batch:TagResource',
      arnIn(site, 'batch', `job-definition/${jobDefinitionName}`),
      tags,
    ),
    ...passRole(containerProperties?.jobRoleArn, 'ecs-tasks.amazonaws.com'),
    ...passRole(containerProperties?.executionRoleArn, 'ecs-tasks.amazonaws.com'),
  ],
  // Both are checked, the definition in the form that the call names it: with its revision or without.
  SubmitJob: ({ jobQueue, jobDefinition }, site) => [
    ...on('job-definition', 'SubmitJob', site, jobDefinition),
    ...on('job-queue', 'SubmitJob', site, jobQueue),
  ],
  TagResource: ({ resourceArn, tags }) => tagging('batch:TagResource', resourceArn, tags),
  TerminateJob: ({ jobId }, site) => on('job', 'TerminateJob', site, jobId),
  UntagResource: ({ resourceArn }) => [{ action: 'batch:UntagResource', resource: resourceArn }],
  UpdateComputeEnvironment: ({ computeEnvironment, serviceRole }, site) => [
    ...on('compute-environment', 'UpdateComputeEnvironment', site, computeEnvironment),
    ...passRole(serviceRole, 'batch.amazonaws.com'),
  ],
  UpdateJobQueue: (input, site) => [
    ...on('job-queue', 'UpdateJobQueue', site, input.jobQueue),
    ...queueParts('UpdateJobQueue', site, input),
  ],
  UpdateSchedulingPolicy: ({ arn }, site) => on('scheduling-policy', 'UpdateSchedulingPolicy', site, arn),
};
