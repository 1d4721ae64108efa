import type { TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-scheduler';
import { schedulerLimits } from '../../../../scripts/local-aws/limits/scheduler.ts';
import { createScheduler, type SchedulerSettings } from '../../../../scripts/local-aws/services/scheduler/scheduler.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import type { QueueAttribute } from '../../../../scripts/local-aws/world.ts';
import { localWorld } from '../../../support/local-world.ts';

export const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;
export const roleArn = 'arn:aws:iam::123456789012:role/scheduler';
export const submitter = arn('lambda', 'function:schedule-to-batch');
export const deadQueue = arn('sqs', 'dead');
export const hour = 3_600_000;

interface Invoked {
  readonly to: string;
  readonly payload: string;
  readonly at: string;
}

/** Scheduler with recording fakes of what it invokes; `fail` makes invocations throw, and `refuse` what a role may not do. */
export async function startScheduler(context: TestContext, options: Partial<SchedulerSettings> = {}) {
  const invoked: Invoked[] = [];
  const dead: { readonly body: string; readonly attributes: Readonly<Record<string, QueueAttribute>> }[] = [];
  const counted: string[] = [];
  const refused = new Set<string>();
  let failure: AwsError | undefined;
  const record = (to: string, payload: string): void => {
    if (failure !== undefined) throw failure;
    invoked.push({ to, payload, at: new Date(world.clock.now()).toISOString().slice(0, 19) });
  };
  const world = localWorld(context, {
    identity: {
      credentialsFor: (assumed, _session, service) => {
        if (assumed !== roleArn || service !== 'scheduler.amazonaws.com' || refused.has('sts:AssumeRole'))
          throw new AwsError('AccessDenied', `not authorized to perform: sts:AssumeRole on ${assumed}`, 403);
        const expiration = new Date(world.clock.now() + hour);
        return { accessKeyId: 'KEY', secretAccessKey: 'secret', sessionToken: 'token', expiration };
      },
      principalOf: () => ({ type: 'account' }),
      roleArn: (name) => `arn:aws:iam::123456789012:role/${name}`,
      instanceProfileArn: (name) => `arn:aws:iam::123456789012:instance-profile/${name}`,
      boundaryOf: () => undefined,
    },
    authority: {
      allows: (_caller, action) => !refused.has(action),
      require: (_caller, action) => {
        if (refused.has(action))
          throw new AwsError('AccessDeniedException', `not authorized to perform: ${action}`, 403);
      },
    },
    functions: { invokeAsync: record },
    topics: { publish: record },
    queues: {
      send: (to, body, _sender, attributes = {}) =>
        to === deadQueue ? void dead.push({ body, attributes }) : record(to, body),
    },
    metrics: {
      count: (_namespace, name, { ScheduleGroup }) => void counted.push(`${ScheduleGroup} ${name}`),
      level: () => {},
    },
  });
  const { handlers } = createScheduler(world, options);
  const settings = await world.serve({
    scheduler: async () => defineService(sdk, sdk.SchedulerClient)(handlers, schedulerLimits),
  });
  const scheduler = new sdk.Scheduler(settings);
  context.after(() => scheduler.destroy());
  return {
    ...{ world, scheduler, invoked, dead, counted, refused },
    fail: (error: AwsError | undefined) => {
      failure = error;
    },
  };
}

/** A schedule that differs from the plainest one in what it is given. */
export const scheduleOf = (expression: string, more: Partial<sdk.CreateScheduleCommandInput> = {}) => ({
  Name: 'feed',
  ScheduleExpression: expression,
  FlexibleTimeWindow: { Mode: 'OFF' } as const,
  Target: { Arn: submitter, RoleArn: roleArn },
  ...more,
});
