import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { shouldBe } from './fields.ts';
import { Submission } from './submission-schema.ts';

export const Schedule = z
  .strictObject({
    ...entryFields('prefix and entry'),
    description: z.string().max(512).optional().describe("Description: shown in EventBridge's console."),
    cron: z
      .string()
      .optional()
      .describe(
        'ScheduleExpression: cron(…), in UTC. Minutes hours day-of-month month day-of-week year: "0 3 * * ? *".',
      ),
    rate: z
      .string(shouldBe('a number and a unit, such as 5 minutes'))
      .optional()
      .describe(
        'ScheduleExpression: rate(…), such as "1 minute", "5 minutes", "12 hours", "1 day". Give either cron or rate.',
      ),
    enabled: z.boolean().default(true).describe('State: a rule that is not enabled stays and does not fire.'),
    submit: Submission,
  })
  .describe('An EventBridge rule that submits a job on time.');
