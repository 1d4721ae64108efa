import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../wire/errors.ts';
import type { BusEvent, World } from '../../world.ts';
import { type FailureCode, failureOf, retryable } from './failure.ts';
import { payloadOf } from './input.ts';
import { eventBridgeFor, invoke } from './invoke.ts';
import type { Rule } from './rule.ts';

/** One event on its way to one target. */
interface Delivery {
  readonly rule: Pick<Rule, 'name' | 'arn'>;
  readonly target: Target;
  readonly event: BusEvent;
  /** When EventBridge received the event; its age counts from here. */
  readonly since: number;
  /** How often it was tried again. */
  readonly retries: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const defaults = { attempts: 185, ageSeconds: 86_400 };

/** Seconds between tries. AWS documents exponential back-off only; with this ceiling 185 tries take just under 24 hours. */
const backoff = (retries: number): number => Math.min(2 ** retries, 480);

/** Delivers an event to all targets of a rule, each by itself, soon after the caller has gone on. */
export function deliverToTargets(world: World, rule: Rule, event: BusEvent): void {
  const since = world.clock.now();
  for (const target of rule.targets.values()) {
    queueMicrotask(() => attempt(world, { rule, target, event, since, retries: 0 }));
  }
}

function attempt(world: World, delivery: Delivery): void {
  const { rule, target, event, since } = delivery;
  const ingestionTime = new Date(since).toISOString();
  const payload = payloadOf(target, { ruleName: rule.name, ruleArn: rule.arn, event, ingestionTime });
  if (payload === undefined) {
    bury(world, delivery, 'INVALID_JSON', 'The input transformer did not produce valid JSON.');
    return;
  }
  try {
    invoke(world, rule.arn, target, event, payload);
    report(world, delivery, 'Invocations');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = failureOf(error);
    if (retryable(code)) retry(world, delivery, code, error.message);
    else bury(world, delivery, code, error.message);
  }
}

/**
 * Invocations are counted when they have succeeded or failed for good. EventBridge reports nothing of what did not happen.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
const report = (world: World, { rule }: Delivery, metric: string): void =>
  world.ports.metrics.count('AWS/Events', metric, { RuleName: rule.name });

function retry(world: World, delivery: Delivery, code: FailureCode, message: string): void {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = delivery.target.RetryPolicy ?? {};
  const next = world.clock.now() + backoff(delivery.retries) * 1_000;
  if (delivery.retries >= (attempts ?? defaults.attempts)) {
    bury(world, delivery, code, message, 'MaximumRetryAttempts');
  } else if (next - delivery.since > (age ?? defaults.ageSeconds) * 1_000) {
    bury(world, delivery, code, message, 'MaximumEventAgeInSeconds');
  } else {
    world.clock.at(next, () => attempt(world, { ...delivery, retries: delivery.retries + 1 }));
  }
}

/**
 * Sends the event itself, not what was made of it, to the target's dead-letter queue, or drops it where there is none.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
function bury(world: World, delivery: Delivery, code: FailureCode, message: string, exhausted?: string): void {
  const { rule, target, event, retries } = delivery;
  report(world, delivery, 'Invocations');
  report(world, delivery, 'FailedInvocations');
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return;
  try {
    world.ports.queues.send(queueArn, JSON.stringify(event), eventBridgeFor(rule.arn), {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.Arn ?? '',
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      RETRY_ATTEMPTS: String(retries),
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    });
    report(world, delivery, 'InvocationsSentToDlq');
  } catch (error) {
    // A queue that is gone or does not let EventBridge in costs the event; AWS only counts it.
    if (!(error instanceof AwsError)) throw error;
    report(world, delivery, 'InvocationsFailedToBeSentToDlq');
  }
}
