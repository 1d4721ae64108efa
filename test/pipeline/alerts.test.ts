import assert from 'node:assert/strict';
import test from 'node:test';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { alertedWorld } from '../support/alerted-world.ts';

const hour = 3_600_000;

const text = z.string();
const Failure = z.strictObject({ alert: text, reason: text, queue: text, job: text, log: text, look: text });
const Notification = z.object({ AlarmName: z.string(), NewStateValue: z.string(), AlarmDescription: z.string() });

test('a job that failed is told of with its reason and where to look', async (t) => {
  const { clock, serve, jobs, alerts } = await alertedWorld(t, Date.UTC(2026, 10, 23, 2, 59), '');
  serve('gone');
  await clock.advanceTo(Date.UTC(2026, 10, 23, 3, 1));
  assert.deepEqual(await jobs(), ['Lambda-Broadbean-20261123T030000Z FAILED']);
  const told = (await alerts()).flatMap((text) => Failure.safeParse(JSON.parse(text)).data ?? []);
  const { alert, reason, queue, job, log, look } = Failure.parse(told[0]);
  assert.equal(told.length, 1);
  assert.equal(alert, 'job Lambda-Broadbean-20261123T030000Z failed in local');
  assert.equal(reason, 'Essential container in task exited');
  assert.equal(queue, 'arn:aws:batch:eu-central-1:000000000000:job-queue/local-feeds');
  assert.match(
    job,
    /^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/batch\/home\?region=eu-central-1#jobs\/detail\/[0-9a-f-]{36}$/,
  );
  assert.match(log, /^log group \/aws\/batch\/local, stream local-feed-watcher\/default\//);
  assert.match(look, /^aws batch describe-jobs --jobs [0-9a-f-]{36} --region eu-central-1$/);
});

test('an alarm goes off when no run succeeded for so long, and ends with the next success', async (t) => {
  const { clock, serve, jobs, alerts, environment } = await alertedWorld(t, Date.UTC(2026, 10, 23, 2), '');
  const state = async () => {
    const request = new DescribeAlarmsCommand({ AlarmNames: ['local-no-success.broadbean'] });
    return (await environment.aws.cloudwatch.send(request)).MetricAlarms?.[0]?.StateValue;
  };
  await clock.advanceTo(Date.UTC(2026, 10, 23, 5));
  assert.equal(await state(), 'OK');
  serve('gone');
  await clock.advanceTo(Date.UTC(2026, 10, 24, 4));
  assert.equal(await state(), 'OK', 'within 26 hours nothing is late');
  // CloudWatch looks back two periods of an hour further, and every hour.
  await clock.advanceTo(Date.UTC(2026, 10, 24, 3) + 6 * hour);
  assert.equal(await state(), 'ALARM');
  serve('up');
  await clock.advanceTo(Date.UTC(2026, 10, 25, 5));
  assert.equal(await state(), 'OK');
  assert.deepEqual(await jobs(), [
    'Lambda-Broadbean-20261123T030000Z SUCCEEDED',
    'Lambda-Broadbean-20261124T030000Z FAILED',
    'Lambda-Broadbean-20261125T030000Z SUCCEEDED',
  ]);
  const notifications = (await alerts()).flatMap((text) => {
    const { success, data } = Notification.safeParse(JSON.parse(text));
    return success && data.AlarmName === 'local-no-success.broadbean' ? [data] : [];
  });
  // The first ones are of before the first success.
  assert.deepEqual(notifications.map(({ NewStateValue }) => NewStateValue).slice(-3), ['OK', 'ALARM', 'OK']);
  assert.match(notifications.at(-1)?.AlarmDescription ?? '', /^No job of schedule broadbean succeeded within 26h/);
});
