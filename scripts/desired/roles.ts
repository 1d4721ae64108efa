import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { Policy } from '../kinds/policy.ts';
import type { RoleSpec } from '../kinds/role.ts';
import { executionRole, functionNames, instanceRole, jobRole } from './parts.ts';
import { executionPolicy, functionPolicy, jobPolicy, trustIn } from './policies.ts';
import { submissionsOf } from './submissions.ts';

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

/**
 * One role for each thing that acts: running containers, instances, each function, the jobs of each definition with
 * grants.
 */
export function desiredRoles(site: Site, config: Config): RoleSpec[] {
  const tasks = trustIn('ecs-tasks.amazonaws.com');
  const granted = Object.entries(config.jobDefinitions).filter(([, { grants }]) => grants.length > 0);
  const ownContainers = Object.values(config.jobDefinitions).filter((each) => each.executionRoleArn === undefined);
  return [
    role(site, executionRole, tasks, executionPolicy(site, ownContainers)),
    ...(Object.values(config.computeEnvironments).some(needsInstances) ? [instances(site)] : []),
    ...functionNames.map((name) =>
      role(site, name, trustIn('lambda.amazonaws.com'), functionPolicy(site, name, submissionsOf(config, name))),
    ),
    ...granted.map(([name, { grants }]) => role(site, jobRole(name), tasks, jobPolicy(site, config.buckets, grants))),
  ];
}
