import type { FlexibleTimeWindow, Target } from '@aws-sdk/client-scheduler';
import { isTimeZone } from '../../../cron/zone.ts';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { parseJson } from '../json.ts';
import { invalid, type SchedulerHandlers } from './handlers.ts';
import { assume, isKnownTarget, targetService } from './invocation.ts';
import type { ScheduleSettings } from './schedule.ts';
import { readTimes } from './times.ts';

type Input = Omit<
  Parameters<NonNullable<SchedulerHandlers['CreateSchedule']>>[0],
  'Name' | 'GroupName' | 'ClientToken'
>;

/** The most of both, which are the defaults. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const defaultRetryPolicy = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

/** "The date, in UTC, after which the schedule can begin"; a little of the past is forgiven. */
const latestStart = 5 * 60_000;

/** What a call sets, with the defaults that AWS answers for what it leaves out. Throws ValidationException. */
export function settingsOf(world: World, input: Input): ScheduleSettings {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timezone = 'UTC', Target: target } = input;
  const times = readTimes(expression);
  if (!isTimeZone(timezone)) throw invalid(`Invalid ScheduleExpressionTimezone ${timezone}.`);
  checkDates(world.clock.now(), input);
  checkWindow(input.FlexibleTimeWindow);
  checkTarget(target);
  checkRole(world, target.RoleArn ?? '');
  return {
    expression,
    timezone,
    times,
    startDate: input.StartDate,
    endDate: input.EndDate,
    state: input.State ?? 'ENABLED',
    description: input.Description,
    kmsKeyArn: input.KmsKeyArn,
    actionAfterCompletion: input.ActionAfterCompletion ?? 'NONE',
    flexibleTimeWindow: input.FlexibleTimeWindow,
    target: { ...target, RetryPolicy: { ...defaultRetryPolicy, ...given(target.RetryPolicy) } },
  };
}

const given = (fields: object = {}): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function checkDates(now: number, { StartDate: start, EndDate: end }: Input): void {
  if (start !== undefined && start.getTime() < now - latestStart)
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (end !== undefined && end.getTime() < now) throw invalid('The EndDate you specify cannot be in the past.');
  if (start !== undefined && end !== undefined && start >= end)
    throw invalid('The StartDate you specify must come before the EndDate.');
}

function checkWindow({ Mode, MaximumWindowInMinutes: minutes }: FlexibleTimeWindow): void {
  if (Mode === 'FLEXIBLE' && minutes === undefined)
    throw invalid('MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE');
  if (Mode === 'OFF' && minutes !== undefined)
    throw invalid('MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF');
}

function checkTarget({ Arn = '', Input }: Target): void {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/s.test(Arn)) throw invalid(`Provided Arn is not in correct format: ${Arn}.`);
  if (!isKnownTarget(Arn)) {
    const message = `scheduler targets of ${targetService(Arn)} are not implemented by this local server`;
    throw new AwsError('NotImplemented', message, 501);
  }
  // "If you are configuring a templated Lambda target, the input must be a well-formed JSON" (API reference, Target).
  if (targetService(Arn) === 'lambda' && Input !== undefined && parseJson(Input) === undefined)
    throw invalid('Invalid RequestJson provided. Reason The Input of a Lambda target must be well-formed JSON.');
}

/** Scheduler tries whether it can take the role on before it accepts a schedule. */
function checkRole(world: World, roleArn: string): void {
  try {
    assume(world, roleArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}
