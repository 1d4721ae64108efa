import type { ComputeEnvironment } from '../config/compute-environment-schema.ts';
import { durationSeconds } from '../config/duration.ts';
import type { Environment } from '../config/environment-schema.ts';
import { exitRulesOf } from '../config/exit-rules.ts';
import type { JobDefinition } from '../config/job-definition-schema.ts';
import { arns, names, registryOf, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { canonical } from '../kinds/aws-fields.ts';
import {
  type ComputeEnvironmentSpec,
  environmentIdentity,
  overriddenEnvironment,
} from '../kinds/compute-environment-spec.ts';
import { type JobDefinitionSpec, overriddenDefinition } from '../kinds/job-definition-spec.ts';
import { type JobQueueSpec, overriddenQueue } from '../kinds/job-queue-spec.ts';
import { overriddenPolicy, type SchedulingPolicySpec } from '../kinds/scheduling-policy.ts';
import { imageKey } from './images.ts';
import { computeEnvironmentName, executionRole, instanceProfileArn, jobLogGroup, jobRole, roleArn } from './parts.ts';
import { environmentOf } from './submissions.ts';

/** An environment's own fields in AWS's names, with what holds where nothing is said. */
function instancesIn(site: Site, environment: ComputeEnvironment): ComputeEnvironmentSpec['instances'] {
  const { type, minvCpus = 0, instanceTypes = ['optimal'], allocationStrategy, instanceRole, ...rest } = environment;
  if (type !== 'EC2' && type !== 'SPOT') return {};
  const { bidPercentage, ec2KeyPair, ec2Configuration, launchTemplate, placementGroup, tags } = rest;
  const usual = type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE';
  return canonical({
    minvCpus,
    instanceTypes,
    allocationStrategy: allocationStrategy ?? usual,
    instanceRole: instanceProfileArn(site, instanceRole),
    ...{ bidPercentage, ec2KeyPair, ec2Configuration, launchTemplate, placementGroup, tags },
  });
}

function updatePolicyIn({ updatePolicy }: ComputeEnvironment): ComputeEnvironmentSpec['updatePolicy'] {
  const { terminateJobsOnUpdate = false, jobExecutionTimeout } = updatePolicy ?? {};
  const minutes = jobExecutionTimeout === undefined ? 30 : durationSeconds(jobExecutionTimeout) / 60;
  return {
    ...(terminateJobsOnUpdate && { terminateJobsOnUpdate }),
    ...(minutes !== 30 && { jobExecutionTimeoutMinutes: minutes }),
  };
}

/** The environment of an entry. Its name ends in a hash of what it is, so it is known last. */
function environmentSpec(site: Site, network: Environment['network'], entry: string, of: ComputeEnvironment) {
  const { type, state, maxvCpus, subnets, securityGroupIds, protect } = of;
  const unnamed: ComputeEnvironmentSpec = {
    name: entry,
    protect,
    type,
    state,
    maxvCpus,
    subnets: subnets ?? network.subnets,
    securityGroupIds: securityGroupIds ?? network.securityGroupIds,
    instances: instancesIn(site, of),
    updatePolicy: updatePolicyIn(of),
    other: {},
  };
  const spec = overriddenEnvironment(unnamed, of.override ?? {});
  return { ...spec, name: computeEnvironmentName(site, entry, environmentIdentity(spec)) };
}

export const desiredComputeEnvironments = (
  site: Site,
  config: Config,
  network: Environment['network'],
): ComputeEnvironmentSpec[] =>
  Object.entries(config.computeEnvironments).map(([entry, of]) => environmentSpec(site, network, entry, of));

export const desiredSchedulingPolicies = (site: Site, config: Config): SchedulingPolicySpec[] =>
  Object.entries(config.schedulingPolicies).map(([entry, policy]) => {
    const { protect, shareDecay, computeReservation, shareDistribution } = policy;
    const spec: SchedulingPolicySpec = {
      name: names.schedulingPolicy(site, entry),
      protect,
      shareDecaySeconds: shareDecay === undefined ? 0 : durationSeconds(shareDecay),
      computeReservation,
      shareDistribution,
      other: {},
    };
    return overriddenPolicy(spec, policy.override ?? {});
  });

type JobQueue = Config['jobQueues'][string];

const timeLimitsIn = ({ timeLimits }: JobQueue): JobQueueSpec['timeLimits'] =>
  timeLimits.map(({ reason, state, after, action }) => ({
    reason,
    state,
    maxTimeSeconds: durationSeconds(after),
    action,
  }));

const policyArn = (site: Site, { schedulingPolicy }: JobQueue): string | null =>
  schedulingPolicy === undefined ? null : arns.schedulingPolicy(site, names.schedulingPolicy(site, schedulingPolicy));

export function desiredJobQueues(site: Site, config: Config, network: Environment['network']): JobQueueSpec[] {
  const environmentArn = (entry: string): string => {
    const environment = config.computeEnvironments[entry];
    if (environment === undefined) throw new Error(`there is no compute environment "${entry}"`);
    return arns.computeEnvironment(site, environmentSpec(site, network, entry, environment).name);
  };
  return Object.entries(config.jobQueues).map(([entry, queue]) => {
    const spec: JobQueueSpec = {
      name: names.jobQueue(site, entry),
      protect: queue.protect,
      state: queue.state,
      priority: queue.priority,
      computeEnvironments: queue.computeEnvironments.map(environmentArn),
      schedulingPolicyArn: policyArn(site, queue),
      timeLimits: timeLimitsIn(queue),
      other: {},
    };
    return overriddenQueue(spec, queue.override ?? {});
  });
}

const exitRules = (definition: JobDefinition): JobDefinitionSpec['evaluateOnExit'] =>
  exitRulesOf(definition).map(({ action, onReason, onStatusReason, onExitCode }) => ({
    action,
    onReason: onReason ?? null,
    onStatusReason: onStatusReason ?? null,
    onExitCode: onExitCode ?? null,
  }));

/** The role of a definition's jobs: the one that it names, or the one that follows from its grants. */
function jobRoleArn(site: Site, entry: string, { jobRoleArn: given, grants }: JobDefinition): string | null {
  return given ?? (grants.length === 0 ? null : roleArn(site, jobRole(entry)));
}

/** What Fargate alone knows of says nothing on EC2. */
const fargateFields = (definition: JobDefinition, assignPublicIp: boolean) =>
  definition.platform === 'EC2'
    ? { ephemeralStorage: null, assignPublicIp: false }
    : {
        ephemeralStorage: definition.ephemeralStorage ?? null,
        assignPublicIp: definition.assignPublicIp ?? assignPublicIp,
      };

const definitionSpec = (
  site: Site,
  entry: string,
  definition: JobDefinition,
  { image, assignPublicIp }: { readonly image: string; readonly assignPublicIp: boolean },
): JobDefinitionSpec => ({
  name: names.jobDefinition(site, entry),
  protect: definition.protect,
  platform: definition.platform,
  image,
  command: definition.command ?? [],
  vcpus: definition.vcpus,
  memory: definition.memory,
  gpus: definition.gpus ?? null,
  environment: environmentOf(definition.environment),
  parameters: definition.parameters ?? {},
  attempts: definition.attempts,
  evaluateOnExit: exitRules(definition),
  timeoutSeconds: definition.timeout === undefined ? null : durationSeconds(definition.timeout),
  jobRoleArn: jobRoleArn(site, entry, definition),
  executionRoleArn: definition.executionRoleArn ?? roleArn(site, executionRole),
  logGroup: definition.logGroup ?? jobLogGroup(site),
  logOptions: definition.logOptions,
  secrets: environmentOf(definition.secrets),
  architecture: definition.architecture,
  ...fargateFields(definition, assignPublicIp),
  user: definition.user ?? null,
  readonlyRootFilesystem: definition.readonlyRootFilesystem,
  privileged: definition.privileged,
  volumes: definition.volumes.map(canonical),
  mountPoints: definition.mountPoints.map(canonical),
  propagateTags: definition.propagateTags,
  schedulingPriority: definition.schedulingPriority ?? null,
  other: {},
});

/** `imageNames` has the images that are built here, `REPOSITORY:TAG` by {@link imageKey}; any other reference stands as it is. */
export const desiredJobDefinitions = (
  site: Site,
  config: Config,
  { assignPublicIp }: Environment['network'],
  imageNames: ReadonlyMap<string, string>,
): JobDefinitionSpec[] =>
  Object.entries(config.jobDefinitions).map(([entry, definition]) => {
    const built = imageNames.get(imageKey(definition));
    const image = built === undefined ? definition.image : `${registryOf(site)}/${built}`;
    const spec = definitionSpec(site, entry, definition, { image, assignPublicIp });
    return overriddenDefinition(spec, site.region, definition.override ?? {});
  });

/** How many revisions of each definition stay. */
export const revisionsKept = (site: Site, config: Config): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(config.jobDefinitions).map(([name, { keepRevisions }]) => [
      names.jobDefinition(site, name),
      keepRevisions,
    ]),
  );
