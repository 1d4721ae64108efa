import { arns, givenIn, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { submissionInput } from '../config/submission.ts';
import type { DeadLetterQueueSpec } from '../kinds/dead-letter-queue.ts';
import type { Policy } from '../kinds/policy.ts';
import type { ScheduleSpec } from '../kinds/schedule.ts';
import { type SubscriptionSpec, subscriptionName } from '../kinds/subscription.ts';
import type { TopicSpec } from '../kinds/topic.ts';
import { deadLetterArn, deadLetterNames, functionArn } from './parts.ts';
import { deliveryBy, tlsOnly } from './policies.ts';

/** SQS keeps a message for 14 days at most. */
const fortnight = 14 * 86_400;

/** Our rules and topics: all that bear our prefix, and those whose names were given. */
export const ourRules = (site: Site): string[] =>
  [`${site.prefix}-*`, ...givenIn(site, 'schedules')].map((name) => arns.rule(site, name));
export const ourTopics = (site: Site): string[] =>
  [`${site.prefix}-*`, ...givenIn(site, 'topics')].map((name) => arns.topic(site, name));

export function desiredDeadLetterQueues(site: Site): DeadLetterQueueSpec[] {
  const queue = (path: keyof typeof deadLetterNames, policy: Policy | null): DeadLetterQueueSpec => ({
    name: names.queue(site, deadLetterNames[path]),
    retentionSeconds: fortnight,
    encrypted: true,
    policy,
  });
  return [
    queue('schedules', deliveryBy('events.amazonaws.com', deadLetterArn(site, 'schedules'), ourRules(site))),
    queue('messages', deliveryBy('sns.amazonaws.com', deadLetterArn(site, 'messages'), ourTopics(site))),
    // Lambda delivers here with the function's own role.
    queue('invocations', null),
  ];
}

const expressionOf = ({ cron, rate }: Config['schedules'][string]): string =>
  cron === undefined ? `rate(${rate})` : `cron(${cron})`;

export const desiredSchedules = (site: Site, config: Config): ScheduleSpec[] =>
  Object.entries(config.schedules).map(([name, schedule]) => ({
    name: names.rule(site, name),
    description: schedule.description ?? '',
    expression: expressionOf(schedule),
    state: schedule.enabled ? 'ENABLED' : 'DISABLED',
    targets: [
      {
        id: 'schedule-to-batch',
        arn: functionArn(site, 'schedule-to-batch'),
        // With the event's own id and time, by which two deliveries of one event are recognised.
        input: { ...submissionInput(site, schedule.submit), event: { id: '<id>', time: '<time>' } },
        paths: { id: '$.id', time: '$.time' },
        // As often as EventBridge can. After six hours a run is better looked at than started.
        retries: 185,
        maximumAgeSeconds: 6 * 3_600,
        deadLetterArn: deadLetterArn(site, 'schedules'),
      },
    ],
  }));

export const desiredTopics = (site: Site, config: Config): TopicSpec[] =>
  Object.keys(config.topics).map((name) => {
    const topic = names.topic(site, name);
    return { name: topic, policy: tlsOnly('sns:Publish', [arns.topic(site, topic)]) };
  });

/** A topic that submits is subscribed to by the function that does it. */
export const desiredSubscriptions = (site: Site, config: Config): SubscriptionSpec[] =>
  Object.entries(config.topics)
    .filter(([, { submit }]) => submit !== undefined)
    .map(([name]) => {
      const topicArn = arns.topic(site, names.topic(site, name));
      const subscriber = functionArn(site, 'topic-to-batch');
      return {
        name: subscriptionName(topicArn, subscriber),
        topicArn,
        functionArn: subscriber,
        deadLetterArn: deadLetterArn(site, 'messages'),
        filter: null,
      };
    });
