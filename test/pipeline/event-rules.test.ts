import assert from 'node:assert/strict';
import test from 'node:test';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import { keyOf } from '../../scripts/reconcile/change.ts';
import { alertedWorld, unconfirmed } from '../support/alerted-world.ts';

/** Every sort of schedule and topic, with what they may say besides. */
const everything = `
  asked:
    submit: { jobName: asked, jobQueue: feeds, jobDefinition: feed-watcher, messageVariable: MESSAGE, environment: { FEED_URL: "\${var.broadbeanFeedUrl}", FEED_TYPE: asked, JOB_XML_TAG: job } }
    filter: { kind: [check] }
    filterScope: MessageBody
    emails: [team@example.com]
    protect: true
    override: { DisplayName: asked, DeliveryPolicy: { http: { defaultThrottlePolicy: { maxReceivesPerSecond: 3 } } } }
schedules:
  broadbean: { protect: true }
  on-event:
    eventPattern: { source: [unit.shop], detail: { size: [{ numeric: [">", 1] }] } }
    submit: { jobName: on-event, jobQueue: feeds, jobDefinition: feed-watcher, environment: { FEED_URL: "\${var.broadbeanFeedUrl}", FEED_TYPE: event, JOB_XML_TAG: job } }
    override: { RetryPolicy: { MaximumRetryAttempts: 3 } }
    expectSuccessWithin: 3h
  by-hand:
    rate: 7 days
    enabled: false
    targets:
      - { Id: queue, Arn: "arn:aws:sqs:eu-central-1:000000000000:listener", Input: '{ "kind": "weekly" }' }
      - { Id: job, Arn: "arn:aws:batch:eu-central-1:000000000000:job-queue/x", RoleArn: "arn:aws:iam::000000000000:role/x", BatchParameters: { JobDefinition: d, JobName: n } }
  zoned:
    rate: 7 days
    startDate: "2090-01-01T00:00:00"
    endDate: "2091-01-01T00:00:00"
    flexibleWindow: 15m
    timezone: Europe/Berlin
    protect: true
    submit: { jobName: zoned, jobQueue: feeds, jobDefinition: feed-watcher }
    override: { RetryPolicy: { MaximumRetryAttempts: 3 } }
`;

test('what was applied is not planned again, whatever schedules and topics say', async (t) => {
  const { environment } = await alertedWorld(t, Date.UTC(2026, 10, 23, 12), everything);
  const { changes, notes } = await environment.plan();
  assert.deepEqual(
    changes.map(({ action, ref, ...change }) => [action, keyOf(ref), 'fields' in change && change.fields]),
    [],
  );
  assert.deepEqual(notes, [unconfirmed('alerts', 'ops@example.com'), unconfirmed('asked', 'team@example.com')]);
});

test('a rule on events starts a job for each event that fits, also for two in one second', async (t) => {
  const { clock, environment, jobs } = await alertedWorld(t, Date.UTC(2026, 10, 23, 12), everything);
  const event = (size: number) => ({ Source: 'unit.shop', DetailType: 'sale', Detail: JSON.stringify({ size }) });
  await environment.aws.events.send(new PutEventsCommand({ Entries: [event(1), event(2), event(3)] }));
  await clock.idle();
  const started = await jobs();
  assert.equal(new Set(started).size, 2);
  for (const each of started) assert.match(each, /^on-event-[0-9a-f-]{36} SUCCEEDED$/);
});

test('of the messages on a topic with a filter, those that fit start a job', async (t) => {
  const { clock, environment, jobs } = await alertedWorld(t, Date.UTC(2026, 10, 23, 12), everything);
  const TopicArn = 'arn:aws:sns:eu-central-1:000000000000:local-asked';
  for (const kind of ['check', 'other']) {
    const Message = JSON.stringify({ kind, id: kind });
    await environment.aws.sns.send(new PublishCommand({ TopicArn, Message }));
  }
  await clock.idle();
  assert.deepEqual(await jobs(), ['asked-check SUCCEEDED']);
});
