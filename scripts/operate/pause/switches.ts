import { UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import type { Aws } from '../../aws/clients.ts';
import { found } from '../../aws/errors.ts';
import { persist } from '../../aws/waiting.ts';
import { beingModified, isGone } from '../../kinds/batch-status.ts';
import { isBusy } from '../../kinds/live-targets.ts';
import type { Pausable } from './pausable.ts';

/**
 * Of a rule, nothing but its state: PutRule would forget what it is not told. For the state that EnableRule does not
 * know it is told everything.
 */
async function setRule({ events }: Aws, Name: string, state: string): Promise<void> {
  if (state === 'DISABLED') await events.send(new DisableRuleCommand({ Name }));
  else if (state === 'ENABLED') await events.send(new EnableRuleCommand({ Name }));
  else {
    const { ScheduleExpression, EventPattern, Description, RoleArn } = await events.send(
      new DescribeRuleCommand({ Name }),
    );
    const State = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    await events.send(new PutRuleCommand({ Name, ScheduleExpression, EventPattern, Description, RoleArn, State }));
  }
}

/** UpdateSchedule replaces everything, so it is told all that GetSchedule gave; a start that has passed it would refuse. */
async function setSchedule({ scheduler }: Aws, name: string, state: string): Promise<void> {
  const slash = name.indexOf('/');
  const which = { GroupName: name.slice(0, slash), Name: name.slice(slash + 1) };
  const { $metadata, Arn, CreationDate, LastModificationDate, StartDate, ...schedule } = await scheduler.send(
    new GetScheduleCommand(which),
  );
  const begins = StartDate !== undefined && StartDate > new Date();
  await scheduler.send(
    new UpdateScheduleCommand({
      ...schedule,
      ...(begins && { StartDate }),
      ...which,
      ScheduleExpression: schedule.ScheduleExpression,
      FlexibleTimeWindow: schedule.FlexibleTimeWindow,
      Target: schedule.Target,
      State: state === 'DISABLED' ? 'DISABLED' : 'ENABLED',
    }),
  );
}

async function setQueue({ batch }: Aws, jobQueue: string, state: string): Promise<void> {
  await batch.send(new UpdateJobQueueCommand({ jobQueue, state: state === 'DISABLED' ? 'DISABLED' : 'ENABLED' }));
}

const setters = { rule: setRule, schedule: setSchedule, 'job-queue': setQueue } as const;

/** Another change of it is under way, which passes by itself. */
const passing = (error: unknown): string | undefined =>
  beingModified(error) ?? (isBusy(error) ? 'busy with another change' : undefined);

/** Puts one thing into a state and changes nothing else of it. What is gone needs none. */
export async function setState(aws: Aws, { kind, name }: Pausable, state: string): Promise<void> {
  const what = `${kind.replaceAll('-', ' ')} "${name}"`;
  const attempt = async (): Promise<void> => {
    await found(setters[kind](aws, name, state));
  };
  const waiter = { signal: aws.signal, waiting: () => {} };
  await found(persist(aws.pace, waiter, { what, attempt, transient: passing }), isGone);
}
