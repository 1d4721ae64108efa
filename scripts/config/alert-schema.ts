import { z } from 'zod';
import { Emails } from './fields.ts';

const about = (what: string) => z.boolean().default(true).describe(what);

export const Alerts = z
  .strictObject({
    emails: Emails.default([]).describe(
      'Addresses that are told, each once it has confirmed. Without any, no alert is made and nothing costs anything.',
    ),
    failedJobs: about('Tell of each job of our queues that failed for good, its retries included.'),
    blockedQueues: about('Tell of each of our queues whose first job cannot start.'),
    deadLetters: about('An alarm for each dead-letter queue: something lies in it.'),
    functionErrors: about('An alarm for each Lambda: an invocation failed.'),
    failedInvocations: about(
      'An alarm for each rule, and for the group of schedules: it could not invoke its target. CloudWatch charges each alarm by the month.',
    ),
  })
  .describe('Who is told when something goes wrong, and of what. By e-mail, over the topic alerts.');
export type Alerts = z.infer<typeof Alerts>;
