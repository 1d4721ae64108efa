import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { DeadLetterQueueSpec } from '../kinds/dead-letter-queue.ts';
import type { Policy } from '../kinds/policy.ts';
import { invokingRules } from './events.ts';
import { invokingTopics } from './messages.ts';
import { type DeadLetterPath, deadLetterArn, deadLetterNames } from './parts.ts';
import { deliveryBy } from './policies.ts';
import { usedFunctions } from './submissions.ts';

/** SQS keeps a message for 14 days at most. */
const fortnight = 14 * 86_400;

/** Each path on which something can be lost has a queue, once something goes that way. */
export function desiredDeadLetterQueues(site: Site, config: Config): DeadLetterQueueSpec[] {
  const used = usedFunctions(config);
  const queue = (path: DeadLetterPath, policy: Policy | null): DeadLetterQueueSpec => ({
    name: names.queue(site, deadLetterNames[path]),
    retentionSeconds: fortnight,
    encrypted: true,
    policy,
  });
  const reachedFrom = (path: DeadLetterPath, service: string, sourceArns: string[]): DeadLetterQueueSpec =>
    queue(path, deliveryBy(service, deadLetterArn(site, path), sourceArns));
  return [
    ...(used.includes('schedule-to-batch')
      ? [reachedFrom('schedules', 'events.amazonaws.com', invokingRules(site, config))]
      : []),
    ...(used.includes('topic-to-batch')
      ? [reachedFrom('messages', 'sns.amazonaws.com', invokingTopics(site, config))]
      : []),
    // Lambda delivers here with the function's own role.
    ...(used.length > 0 ? [queue('invocations', null)] : []),
  ];
}
