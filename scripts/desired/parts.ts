import { createHash } from 'node:crypto';
import { arns, names, type Site } from '../config/names.ts';

/** The parts of an environment that config does not name: what baton itself needs to hand one job on to the next. */
export const functionNames = ['schedule-to-batch', 'topic-to-batch'] as const;
export type FunctionName = (typeof functionNames)[number];

/** Three paths on which something can be lost, and a queue for each: what lies in it says where to look. */
export const deadLetterNames = {
  /** EventBridge could not invoke schedule-to-batch. */
  schedules: 'undelivered-schedules',
  /** SNS could not invoke topic-to-batch. */
  messages: 'undelivered-messages',
  /** A function was invoked and failed, retries included. */
  invocations: 'failed-invocations',
} as const;

/** Which way something was lost. */
export type DeadLetterPath = keyof typeof deadLetterNames;

export const functionArn = (site: Site, name: FunctionName): string => arns.function(site, names.function(site, name));

export const deadLetterArn = (site: Site, path: DeadLetterPath): string =>
  arns.queue(site, names.queue(site, deadLetterNames[path]));

export const jobLogGroup = (site: Site): string => `/aws/batch/${site.prefix}`;

export const functionLogGroup = (site: Site, name: FunctionName): string => `/aws/lambda/${names.function(site, name)}`;

export const roleArn = (site: Site, name: string): string => arns.role(site, names.role(site, name));

/** What EventBridge Scheduler acts as. */
export const schedulerRole = 'scheduler';

/** What runs a job's container: pulls its image and writes its log. */
export const executionRole = 'execution';

/** The role of the jobs of one definition. */
export const jobRole = (definition: string): string => `job-${definition}`;

/** What EC2 instances of compute environments run as. */
export const instanceRole = 'instance';

/** The instance profile of a name or an ARN; without one, that of our own role, which has the role's name. */
export function instanceProfileArn(site: Site, given: string | undefined): string {
  if (given?.startsWith('arn:')) return given;
  return arns.instanceProfile(site, given ?? names.role(site, instanceRole));
}

/**
 * A compute environment's name ends in a hash of what cannot be changed in place, so that its replacement can be made
 * beside it, and every name is known before anything is.
 */
export function computeEnvironmentName(site: Site, name: string, identity: object): string {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8);
  return names.computeEnvironment(site, name, hash);
}
