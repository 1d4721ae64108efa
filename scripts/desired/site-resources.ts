import { arns, givenIn, names, type Site } from '../config/names.ts';
import { jobLogGroup } from './parts.ts';

/** What has our prefix, and what config gives a name of its own, by the service in the actions on it. */
export function resourcesOf(site: Site): Readonly<Record<string, readonly string[]>> {
  const prefix = `${site.prefix}-*`;
  const named = (section: string, arnOf: (site: Site, name: string) => string): string[] =>
    [prefix, ...givenIn(site, section)].map((name) => arnOf(site, name));
  const group = names.scheduleGroup(site);
  return {
    batch: [
      ...named('computeEnvironments', arns.computeEnvironment),
      ...named('jobDefinitions', arns.jobDefinition),
      // Of one that was given a name, its revisions.
      ...givenIn(site, 'jobDefinitions').map((name) => arns.jobDefinition(site, `${name}:*`)),
      ...named('jobQueues', arns.jobQueue),
      ...named('schedulingPolicies', arns.schedulingPolicy),
    ],
    cloudwatch: [arns.alarm(site, prefix)],
    ecr: [arns.repository(site, `${site.prefix}/*`)],
    events: named('schedules', arns.rule),
    iam: [arns.role(site, prefix), arns.instanceProfile(site, prefix)],
    lambda: [arns.function(site, prefix)],
    logs: [
      // Actions on a group are on its streams, too.
      ...['', ':*'].map((streams) => `${arns.logGroup(site, jobLogGroup(site))}${streams}`),
      arns.logGroup(site, `/aws/lambda/${prefix}`),
    ],
    s3: named('buckets', arns.bucket),
    scheduler: [arns.scheduleGroup(site, group), arns.schedule(site, group, '*')],
    sns: named('topics', arns.topic),
    sqs: [arns.queue(site, prefix)],
  };
}
