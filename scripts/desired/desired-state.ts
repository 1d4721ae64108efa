import type { LoadedConfig } from '../config/load.ts';
import { names } from '../config/names.ts';
import type { DesiredState } from '../kinds/desired-state.ts';
import { desiredAlarms } from './alarms.ts';
import { desiredAlertRules } from './alert-rules.ts';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
  revisionsKept,
} from './batch.ts';
import { desiredDeadLetterQueues } from './dead-letters.ts';
import { desiredRules, desiredScheduleGroups, desiredSchedules } from './events.ts';
import { builtFunctions } from './functions.ts';
import { builtImages, desiredRepositories } from './images.ts';
import { desiredSubscriptions, desiredTopics, ourSubscriptions } from './messages.ts';
import { desiredRoles } from './roles.ts';
import { desiredBuckets, desiredLogGroups } from './storage.ts';

/**
 * Everything that should be there: a function of the config, the account, and the files of the repository at `root`
 * that functions and images are built from. AWS is not asked.
 * Throws when a function or an image does not build.
 */
export async function desiredState(
  { site, environment, config }: Pick<LoadedConfig, 'site' | 'environment' | 'config'>,
  root = '.',
): Promise<DesiredState> {
  const { network } = environment;
  const [built, { functions, zips }] = await Promise.all([
    builtImages(site, config, root),
    builtFunctions(site, config, root),
  ]);
  const rules = [...desiredRules(site, config), ...desiredAlertRules(site, config)];
  return {
    buckets: desiredBuckets(site, config),
    repositories: desiredRepositories(built),
    images: [...built.images.keys()].map((name) => ({ name })),
    roles: desiredRoles(site, config, environment),
    logGroups: desiredLogGroups(site, config),
    deadLetterQueues: desiredDeadLetterQueues(site, config),
    computeEnvironments: desiredComputeEnvironments(site, config, network),
    schedulingPolicies: desiredSchedulingPolicies(site, config),
    jobQueues: desiredJobQueues(site, config, network),
    jobDefinitions: desiredJobDefinitions(site, config, network, built.names),
    functions,
    topics: desiredTopics(site, config),
    subscriptions: desiredSubscriptions(site, config),
    rules,
    scheduleGroups: desiredScheduleGroups(site, config),
    schedules: desiredSchedules(site, config),
    alarms: desiredAlarms(site, config, rules),
    scheduleGroup: names.scheduleGroup(site),
    ourSubscriptions: ourSubscriptions(site, config),
    stateBucket: names.stateBucket(site),
    revisionsKept: revisionsKept(site, config),
    artifacts: { zips, images: built.images },
  };
}
