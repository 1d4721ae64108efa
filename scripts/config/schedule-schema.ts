import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { AwsFields, Duration, shouldBe } from './fields.ts';
import { momentOf } from './moment.ts';
import { Submission } from './submission-schema.ts';

const aTime = 'a time in UTC, such as 2026-12-24T03:00:00Z';

/** A start or an end, in Scheduler's form. */
const Moment = z.string(shouldBe(aTime)).refine((text) => !Number.isNaN(momentOf(text).getTime()), `must be ${aTime}`);

export const Schedule = z
  .strictObject({
    ...entryFields('prefix and entry'),
    description: z.string().max(512).optional().describe("Description: shown in EventBridge's console."),
    cron: z
      .string()
      .optional()
      .describe(
        'ScheduleExpression: cron(…), in UTC or in timezone. Minutes hours day-of-month month day-of-week year: "0 3 * * ? *". Exactly one of cron, rate, at and eventPattern says when.',
      ),
    rate: z
      .string(shouldBe('a number and a unit, such as 5 minutes'))
      .optional()
      .describe('ScheduleExpression: rate(…), such as "1 minute", "5 minutes", "12 hours", "1 day".'),
    at: z
      .string(shouldBe('a time without a zone, such as 2026-12-24T03:00:00'))
      .optional()
      .describe(
        'ScheduleExpression: at(…), once, in UTC or in timezone: "2026-12-24T03:00:00". When its time has passed, nothing is made or changed any more.',
      ),
    eventPattern: AwsFields.optional().describe(
      'EventPattern: a rule that fires on events in place of a time, such as { source: [aws.s3] }.',
    ),
    timezone: z
      .string()
      .optional()
      .describe(
        'ScheduleExpressionTimezone: the zone whose clocks count, such as Europe/Berlin. Like at, flexibleWindow, startDate and endDate it makes a schedule of EventBridge Scheduler in place of a rule.',
      ),
    flexibleWindow: Duration.optional().describe(
      'FlexibleTimeWindow.MaximumWindowInMinutes: it fires at some time within so long after its time, 1m to 1d.',
    ),
    startDate: Moment.optional().describe(
      'StartDate: it does not fire before, in UTC. Once it has passed, it says nothing any more.',
    ),
    endDate: Moment.optional().describe(
      'EndDate: it does not fire after, in UTC. When it has passed, nothing is made or changed any more.',
    ),
    enabled: z.boolean().default(true).describe('State: a rule that is not enabled stays and does not fire.'),
    submit: Submission.optional().describe('The job to submit. Exactly one of submit and targets says what is done.'),
    targets: z
      .array(AwsFields)
      .min(1)
      .max(5)
      .optional()
      .describe(
        "Targets: in place of submit, what EventBridge invokes, each in AWS's own words: Id, Arn, Input, RoleArn and all else of PutTargets. For Scheduler, the one Target of CreateSchedule.",
      ),
    override: AwsFields.optional().describe(
      "Fields of AWS's Target that are laid over what submit makes of it: maps merge, lists are replaced, null removes.",
    ),
    expectSuccessWithin: Duration.optional().describe(
      'An alarm goes off when no job of this schedule succeeded for so long, 5m to 7d; some periods of the alarm later, in fact. Needs alerts.emails, and goes off once when it is new, until the first success.',
    ),
  })
  .describe(
    'A time, or an event, and the job that is submitted then: an EventBridge rule, or a schedule of Scheduler.',
  );
export type Schedule = z.infer<typeof Schedule>;
