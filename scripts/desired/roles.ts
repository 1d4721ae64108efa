import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { Policy } from '../kinds/policy.ts';
import type { RoleSpec } from '../kinds/role.ts';
import { executionRole, functionNames, jobRole } from './parts.ts';
import { executionPolicy, functionPolicy, jobPolicy, trustIn } from './policies.ts';
import { submissionsOf } from './submissions.ts';

const role = (site: Site, name: string, trust: Policy, allowed: Policy): RoleSpec => ({
  name: names.role(site, name),
  trust,
  inline: { grants: allowed },
  managed: [],
});

/** One role for each thing that acts: running containers, each function, the jobs of each definition with grants. */
export function desiredRoles(site: Site, config: Config): RoleSpec[] {
  const tasks = trustIn('ecs-tasks.amazonaws.com');
  const granted = Object.entries(config.jobDefinitions).filter(([, { grants }]) => grants.length > 0);
  return [
    role(site, executionRole, tasks, executionPolicy(site, Object.values(config.jobDefinitions))),
    ...functionNames.map((name) =>
      role(site, name, trustIn('lambda.amazonaws.com'), functionPolicy(site, name, submissionsOf(config, name))),
    ),
    ...granted.map(([name, { grants }]) => role(site, jobRole(name), tasks, jobPolicy(site, config.buckets, grants))),
  ];
}
