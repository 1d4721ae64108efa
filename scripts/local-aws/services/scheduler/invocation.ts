import { randomUUID } from 'node:crypto';
import type { Target } from '@aws-sdk/client-scheduler';
import type { Caller, World } from '../../world.ts';
import type { Schedule } from './schedule.ts';

/** One invocation of a target, tried as often as it takes. */
export interface Invocation {
  readonly schedule: Pick<Schedule, 'arn' | 'group'>;
  readonly target: Target;
  readonly id: string;
  /** When it was due. */
  readonly scheduled: number;
  /** From 1. */
  readonly attempt: number;
}

type ExecutionRole = Extract<Caller, { readonly type: 'role' }>;

/** How a target of a service is invoked, by the service's name in ARNs. */
const targets: Readonly<Record<string, (world: World, arn: string, payload: string, role: ExecutionRole) => void>> = {
  lambda: ({ ports }, arn, payload, role) => {
    ports.authority.require(role, 'lambda:InvokeFunction', arn);
    ports.functions.invokeAsync(arn, payload, role);
  },
  sqs: ({ ports }, arn, payload, role) => ports.queues.send(arn, payload, role),
  sns: ({ ports }, arn, payload, role) => ports.topics.publish(arn, payload, role),
};

export const targetService = (arn: string): string => arn.split(':')[2] ?? '';

export const isKnownTarget = (arn: string): boolean => Object.hasOwn(targets, targetService(arn));

/** Takes on an execution role, which must trust Scheduler. Throws AwsError AccessDenied. */
export function assume({ ports }: World, roleArn: string): ExecutionRole {
  const session = randomUUID().replaceAll('-', '');
  ports.identity.credentialsFor(roleArn, session, 'scheduler.amazonaws.com');
  return { type: 'role', roleArn, session };
}

/** Invokes a target as its execution role. Throws the AwsError of the target's service, or AccessDenied for the role. */
export function invoke(world: World, { target }: Invocation, payload: string): void {
  const { Arn = '', RoleArn = '' } = target;
  const run = targets[targetService(Arn)];
  if (run === undefined) throw new Error(`invoking target "${Arn}": CreateSchedule lets no such target in`);
  run(world, Arn, payload, assume(world, RoleArn));
}

/** ISO 8601 in whole seconds, as Scheduler writes times. */
export const isoSeconds = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/**
 * What a target is sent: its input with the keywords replaced, or else a notification.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function payloadOf(world: World, invocation: Invocation): string {
  const { schedule, target, id, scheduled, attempt } = invocation;
  const keywords: Readonly<Record<string, string>> = {
    'aws.scheduler.schedule-arn': schedule.arn,
    'aws.scheduler.scheduled-time': isoSeconds(scheduled),
    'aws.scheduler.execution-id': id,
    'aws.scheduler.attempt-number': String(attempt),
  };
  const input = target.Input ?? notification(world, invocation);
  return input.replace(/<(aws\.scheduler\.[a-z-]+)>/g, (whole, name: string) => keywords[name] ?? whole);
}

const notification = ({ account, region }: World, { schedule, id, scheduled }: Invocation): string =>
  JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: isoSeconds(scheduled),
    region,
    resources: [schedule.arn],
    detail: '{}',
  });
