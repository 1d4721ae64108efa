import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { isSchedulers } from '../config/timing.ts';
import type { Policy } from '../kinds/policy.ts';
import type { RoleSpec } from '../kinds/role.ts';
import { executionRole, jobRole, schedulerRole } from './parts.ts';
import { executionPolicy, functionPolicy, jobPolicy, schedulerPolicy, trustIn, trustInScheduler } from './policies.ts';
import { submissionsOf, usedFunctions } from './submissions.ts';

const role = (site: Site, name: string, trust: Policy, allowed: Policy): RoleSpec => ({
  name: names.role(site, name),
  trust,
  inline: { grants: allowed },
  managed: [],
});

/** A schedule that names its own target names its own role, too. */
const usesScheduler = ({ schedules }: Config): boolean =>
  Object.values(schedules).some((schedule) => schedule.submit !== undefined && isSchedulers(schedule));

/**
 * One role for each thing that acts: running containers, each function, Scheduler, the jobs of each definition with
 * grants.
 */
export function desiredRoles(site: Site, config: Config): RoleSpec[] {
  const tasks = trustIn('ecs-tasks.amazonaws.com');
  const granted = Object.entries(config.jobDefinitions).filter(([, { grants }]) => grants.length > 0);
  return [
    role(site, executionRole, tasks, executionPolicy(site, Object.values(config.jobDefinitions))),
    ...usedFunctions(config).map((name) =>
      role(site, name, trustIn('lambda.amazonaws.com'), functionPolicy(site, name, submissionsOf(config, name))),
    ),
    ...(usesScheduler(config) ? [role(site, schedulerRole, trustInScheduler(site), schedulerPolicy(site))] : []),
    ...granted.map(([name, { grants }]) => role(site, jobRole(name), tasks, jobPolicy(site, config, grants))),
  ];
}
