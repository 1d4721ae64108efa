import { durationSeconds } from '../config/duration.ts';
import type { Environment } from '../config/environment-schema.ts';
import { exitRulesOf } from '../config/exit-rules.ts';
import type { JobDefinition } from '../config/job-definition-schema.ts';
import { arns, names, registryOf, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { ComputeEnvironmentSpec } from '../kinds/compute-environment.ts';
import type { JobDefinitionSpec } from '../kinds/job-definition.ts';
import type { JobQueueSpec } from '../kinds/job-queue.ts';
import { imageKey } from './images.ts';
import { computeEnvironmentName, executionRole, jobLogGroup, jobRole, roleArn } from './parts.ts';
import { environmentOf } from './submissions.ts';

export const desiredComputeEnvironments = (
  site: Site,
  config: Config,
  { subnets, securityGroupIds }: Environment['network'],
): ComputeEnvironmentSpec[] =>
  Object.entries(config.computeEnvironments).map(([name, { type, maxvCpus }]) => ({
    name: computeEnvironmentName(site, name, { type }),
    type,
    state: 'ENABLED',
    maxvCpus,
    subnets: subnets.toSorted(),
    securityGroupIds: securityGroupIds.toSorted(),
  }));

function computeEnvironmentArn(site: Site, config: Config, name: string): string {
  const environment = config.computeEnvironments[name];
  if (environment === undefined) throw new Error(`there is no compute environment "${name}"`);
  return arns.computeEnvironment(site, computeEnvironmentName(site, name, { type: environment.type }));
}

export const desiredJobQueues = (site: Site, config: Config): JobQueueSpec[] =>
  Object.entries(config.jobQueues).map(([name, { state, priority, computeEnvironments }]) => ({
    name: names.jobQueue(site, name),
    state,
    priority,
    computeEnvironments: computeEnvironments.map((each) => computeEnvironmentArn(site, config, each)),
  }));

const exitRules = (definition: JobDefinition): JobDefinitionSpec['evaluateOnExit'] =>
  exitRulesOf(definition).map(({ action, onReason, onStatusReason, onExitCode }) => ({
    action,
    onReason: onReason ?? null,
    onStatusReason: onStatusReason ?? null,
    onExitCode: onExitCode ?? null,
  }));

/** `imageNames` has the images that are built here, `REPOSITORY:TAG` by {@link imageKey}; any other reference stands as it is. */
export const desiredJobDefinitions = (
  site: Site,
  config: Config,
  { assignPublicIp }: Environment['network'],
  imageNames: ReadonlyMap<string, string>,
): JobDefinitionSpec[] =>
  Object.entries(config.jobDefinitions).map(([name, definition]) => {
    const built = imageNames.get(imageKey(definition));
    return {
      name: names.jobDefinition(site, name),
      image: built === undefined ? definition.image : `${registryOf(site)}/${built}`,
      command: definition.command ?? [],
      vcpus: definition.vcpus,
      memory: definition.memory,
      environment: environmentOf(definition.environment),
      parameters: definition.parameters ?? {},
      attempts: definition.attempts,
      evaluateOnExit: exitRules(definition),
      timeoutSeconds: definition.timeout === undefined ? null : durationSeconds(definition.timeout),
      jobRoleArn: definition.grants.length === 0 ? null : roleArn(site, jobRole(name)),
      executionRoleArn: roleArn(site, executionRole),
      logGroup: jobLogGroup(site),
      logOptions: definition.logOptions,
      secrets: environmentOf(definition.secrets),
      architecture: definition.architecture,
      ephemeralStorage: definition.ephemeralStorage ?? null,
      assignPublicIp: definition.assignPublicIp ?? assignPublicIp,
      propagateTags: definition.propagateTags,
      schedulingPriority: definition.schedulingPriority ?? null,
    };
  });

/** How many revisions of each definition stay. */
export const revisionsKept = (site: Site, config: Config): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(config.jobDefinitions).map(([name, { keepRevisions }]) => [
      names.jobDefinition(site, name),
      keepRevisions,
    ]),
  );
