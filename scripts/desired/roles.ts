import type { Environment } from '../config/environment-schema.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { isSchedulers } from '../config/timing.ts';
import type { Policy } from '../kinds/policy.ts';
import type { RoleSpec } from '../kinds/role.ts';
import { executionRole, instanceRole, jobRole, schedulerRole } from './parts.ts';
import { executionPolicy, functionPolicy, jobPolicy, schedulerPolicy, trustIn, trustInScheduler } from './policies.ts';
import { submissionsOf, usedFunctions } from './submissions.ts';

const role = (site: Site, name: string, trust: Policy, allowed: Policy): RoleSpec => ({
  name: names.role(site, name),
  trust,
  inline: { grants: allowed },
  managed: [],
});

/** What instances do for ECS, which is AWS's to say: pull, log, and register with their cluster. */
const instances = (site: Site): RoleSpec => ({
  name: names.role(site, instanceRole),
  trust: trustIn('ec2.amazonaws.com'),
  inline: {},
  managed: [arns.managedPolicy(site, 'service-role/AmazonEC2ContainerServiceforEC2Role')],
  instanceProfile: true,
});

/** Instances that were given a profile need none of ours. */
const needsInstances = ({ type, instanceRole: given }: Config['computeEnvironments'][string]): boolean =>
  (type === 'EC2' || type === 'SPOT') && given === undefined;

/** A schedule that names its own target names its own role, too. */
const usesScheduler = ({ schedules }: Config): boolean =>
  Object.values(schedules).some((schedule) => schedule.submit !== undefined && isSchedulers(schedule));

/**
 * One role for each thing that acts: running containers, instances, each function, Scheduler, the jobs of each definition with
 * grants. All are bounded where the environment says by what.
 */
export function desiredRoles(
  site: Site,
  config: Config,
  { permissionsBoundary }: Pick<Environment, 'permissionsBoundary'> = {},
): RoleSpec[] {
  const bounded = permissionsBoundary === undefined ? {} : { boundary: arns.policy(site, permissionsBoundary) };
  const tasks = trustIn('ecs-tasks.amazonaws.com');
  const granted = Object.entries(config.jobDefinitions).filter(([, { grants }]) => grants.length > 0);
  const ownContainers = Object.values(config.jobDefinitions).filter((each) => each.executionRoleArn === undefined);
  const roles = [
    role(site, executionRole, tasks, executionPolicy(site, ownContainers)),
    ...(Object.values(config.computeEnvironments).some(needsInstances) ? [instances(site)] : []),
    ...usedFunctions(config).map((name) =>
      role(site, name, trustIn('lambda.amazonaws.com'), functionPolicy(site, name, submissionsOf(config, name))),
    ),
    ...(usesScheduler(config) ? [role(site, schedulerRole, trustInScheduler(site), schedulerPolicy(site))] : []),
    ...granted.map(([name, { grants }]) => role(site, jobRole(name), tasks, jobPolicy(site, config, grants))),
  ];
  return roles.map((each) => ({ ...each, ...bounded }));
}
