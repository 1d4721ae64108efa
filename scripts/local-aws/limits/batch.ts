import { AwsError } from '../wire/errors.ts';
import { describe, type Limits } from '../wire/limits.ts';

const ceState = { enum: ['ENABLED', 'DISABLED'] };
const crType = { enum: ['EC2', 'SPOT', 'FARGATE', 'FARGATE_SPOT'] };
const userdataType = { enum: ['EKS_BOOTSTRAP_SH', 'EKS_NODEADM'] };

/** The API of AWS Batch: https://docs.aws.amazon.com/batch/latest/APIReference/ */
export const batchLimits: Limits = {
  refuse: (violations) =>
    new AwsError('ClientException', `Error executing request, Exception : ${describe(violations)}`),
  structures: {
    ComputeResource: {
      type: crType,
      allocationStrategy: {
        enum: ['BEST_FIT', 'BEST_FIT_PROGRESSIVE', 'SPOT_CAPACITY_OPTIMIZED', 'SPOT_PRICE_CAPACITY_OPTIMIZED'],
      },
    },
    ComputeResourceUpdate: {
      allocationStrategy: {
        enum: ['BEST_FIT_PROGRESSIVE', 'SPOT_CAPACITY_OPTIMIZED', 'SPOT_PRICE_CAPACITY_OPTIMIZED'],
      },
      type: crType,
    },
    CreateComputeEnvironmentRequest: {
      type: { enum: ['MANAGED', 'UNMANAGED'] },
      state: ceState,
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
    },
    CreateJobQueueRequest: {
      state: ceState,
      jobQueueType: { enum: ['EKS', 'ECS', 'ECS_FARGATE', 'SAGEMAKER_TRAINING'] },
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
    },
    CreateSchedulingPolicyRequest: {
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
    },
    Device: {
      'permissions[]': { enum: ['READ', 'WRITE', 'MKNOD'] },
    },
    EFSAuthorizationConfig: {
      iam: ceState,
    },
    EFSVolumeConfiguration: {
      transitEncryption: ceState,
    },
    Ec2Configuration: {
      imageType: { min: 1, max: 256 },
      imageIdOverride: { min: 1, max: 256 },
      imageKubernetesVersion: { min: 1, max: 256 },
    },
    EvaluateOnExit: {
      action: { enum: ['RETRY', 'EXIT'] },
    },
    JobDependency: {
      type: { enum: ['N_TO_N', 'SEQUENTIAL'] },
    },
    JobStateTimeLimitAction: {
      state: { enum: ['RUNNABLE'] },
      action: { enum: ['CANCEL', 'TERMINATE'] },
    },
    LaunchTemplateSpecification: {
      userdataType,
    },
    LaunchTemplateSpecificationOverride: {
      userdataType,
    },
    ListJobsRequest: {
      jobStatus: { enum: ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
    },
    LogConfiguration: {
      logDriver: { enum: ['json-file', 'syslog', 'journald', 'gelf', 'fluentd', 'awslogs', 'splunk', 'awsfirelens'] },
    },
    NetworkConfiguration: {
      assignPublicIp: ceState,
    },
    RegisterJobDefinitionRequest: {
      type: { enum: ['container', 'multinode'] },
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
      'platformCapabilities[]': { enum: ['EC2', 'FARGATE'] },
    },
    ResourceRequirement: {
      type: { enum: ['GPU', 'VCPU', 'MEMORY'] },
    },
    SubmitJobRequest: {
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
    },
    TagResourceRequest: {
      tags: { min: 1, max: 50 },
      'tags{key}': { min: 1, max: 128 },
      'tags{}': { max: 256 },
    },
    UntagResourceRequest: {
      tagKeys: { min: 1, max: 50 },
      'tagKeys[]': { min: 1, max: 128 },
    },
    UpdateComputeEnvironmentRequest: {
      state: ceState,
    },
    UpdateJobQueueRequest: {
      state: ceState,
    },
    UpdatePolicy: {
      jobExecutionTimeoutMinutes: { min: 1, max: 360 },
    },
  },
};
