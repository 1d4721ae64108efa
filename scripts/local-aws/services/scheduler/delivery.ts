import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { failureOf, retryable } from '../events/failure.ts';
import { assume, type Invocation, invoke, isoSeconds, payloadOf } from './invocation.ts';

/** Seconds between tries. AWS documents exponential back-off only. */
const backoff = (attempt: number): number => Math.min(2 ** (attempt - 1), 480);

/** Invokes a target until it takes the invocation, or for good does not; then says so. */
export function deliver(world: World, invocation: Invocation, done: () => void): void {
  report(world, invocation, 'InvocationAttemptCount');
  try {
    invoke(world, invocation, payloadOf(world, invocation));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    report(world, invocation, 'TargetErrorCount');
    const { retryAt, exhausted } = furtherTry(world, invocation, error);
    if (retryAt !== undefined) {
      world.clock.at(retryAt, () => deliver(world, { ...invocation, attempt: invocation.attempt + 1 }, done));
      return;
    }
    drop(world, invocation, error, exhausted);
  }
  done();
}

interface Verdict {
  readonly retryAt?: number;
  /** Which limit of the retry policy was reached; absent when trying again would not help. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

function furtherTry(world: World, { target, attempt, scheduled }: Invocation, error: AwsError): Verdict {
  if (!retryable(failureOf(error))) return {};
  const { MaximumRetryAttempts: retries = 185, MaximumEventAgeInSeconds: age = 86_400 } = target.RetryPolicy ?? {};
  const retryAt = world.clock.now() + backoff(attempt) * 1_000;
  if (attempt > retries) return { exhausted: 'MaximumRetryAttempts' };
  return retryAt - scheduled > age * 1_000 ? { exhausted: 'MaximumEventAgeInSeconds' } : { retryAt };
}

/**
 * Sends what the target did not take to the dead-letter queue, where there is one.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
function drop(world: World, invocation: Invocation, error: AwsError, exhausted: string | undefined): void {
  const { schedule, target, id, scheduled, attempt } = invocation;
  report(world, invocation, 'InvocationDroppedCount');
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return;
  try {
    world.ports.queues.send(queueArn, payloadOf(world, invocation), assume(world, target.RoleArn ?? ''), {
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      EXECUTION_ID: id,
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(attempt - 1),
      SCHEDULED_TIME: isoSeconds(scheduled),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: target.Arn ?? '',
    });
    report(world, invocation, 'InvocationsSentToDeadLetterCount');
  } catch (failure) {
    // A queue that is gone or that the role may not send to costs the invocation; AWS only counts it.
    if (!(failure instanceof AwsError)) throw failure;
    report(world, invocation, 'InvocationsFailedToBeSentToDeadLetterCount');
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
const report = (world: World, { schedule }: Invocation, metric: string): void =>
  world.ports.metrics.count('AWS/Scheduler', metric, { ScheduleGroup: schedule.group });
