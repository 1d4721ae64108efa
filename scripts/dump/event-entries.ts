import type { Target } from '@aws-sdk/client-eventbridge';
import type { RuleSpec } from '../kinds/rule.ts';
import { defaultRetries, type RuleTarget, targetRequest } from '../kinds/rule-target.ts';
import type { TopicSpec } from '../kinds/topic.ts';
import type { Entry } from './entry.ts';

function whenOf({ expression, pattern }: RuleSpec): Entry['fields'] {
  const [, kind, inside] = /^(cron|rate)\((.*)\)$/s.exec(expression ?? '') ?? [];
  return {
    ...(kind !== undefined && { [kind]: inside }),
    ...(pattern !== null && { eventPattern: pattern }),
  };
}

/** Without the patience that AWS has anyway. */
function writtenOf(target: RuleTarget): Target {
  const { RetryPolicy, ...request } = targetRequest(target);
  const usual =
    target.retries === defaultRetries.retries && target.maximumAgeSeconds === defaultRetries.maximumAgeSeconds;
  return usual ? request : { ...request, RetryPolicy };
}

export const ruleEntry = (spec: RuleSpec): Entry => ({
  section: 'schedules',
  name: spec.name,
  fields: {
    name: spec.name,
    description: spec.description === '' ? undefined : spec.description,
    ...whenOf(spec),
    enabled: spec.state !== 'DISABLED',
    // In AWS's own words: what a hand has made may invoke anything.
    targets: spec.targets.map(writtenOf),
  },
});

export const topicEntry = ({ name, policy, attributes }: TopicSpec): Entry => ({
  section: 'topics',
  name,
  fields: {
    name,
    override: { Policy: policy, ...attributes },
  },
});

/** What of a topic can be set, by the name of SNS, beside its policy. FIFO topics take more, and start no Lambda. */
export const topicAttributes = [
  'DisplayName',
  'KmsMasterKeyId',
  'DeliveryPolicy',
  'TracingConfig',
  'SignatureVersion',
] as const;
