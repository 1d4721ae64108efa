import assert from 'node:assert/strict';
import test from 'node:test';
import { namesBegin } from '../../scripts/config/timing.ts';
import { nameByHand } from '../../scripts/operate/job-names.ts';
import { type Fire, inOrder } from '../../scripts/operate/status/fires.ts';
import { configFrom } from '../support/written-config.ts';

const hour = 3_600_000;
const now = new Date('2026-11-25T12:00:00Z');

test('when a rate fires next follows from its last run, and what fires first stands first', () => {
  const rate: Fire = { schedule: 'rate', expression: 'rate(5 hours)', state: 'ENABLED', every: 5 * hour };
  const cron: Fire = {
    schedule: 'cron',
    expression: 'cron(0 13 * * ? *)',
    state: 'ENABLED',
    next: new Date('2026-11-25T13:00:00Z'),
  };
  const off: Fire = { schedule: 'off', expression: 'rate(1 day)', state: 'DISABLED' };
  assert.deepEqual(
    inOrder(
      [off, rate, cron],
      new Map([
        ['rate', now.getTime() - 11 * hour],
        ['off', 0],
      ]),
      now,
    ).map(({ schedule, next, note }) => [schedule, next?.toISOString(), note]),
    [
      ['cron', '2026-11-25T13:00:00.000Z', undefined],
      ['rate', '2026-11-25T16:00:00.000Z', 'about'],
      ['off', undefined, undefined],
    ],
  );
  assert.equal(inOrder([rate], new Map(), now)[0]?.next, undefined);
});

test('a run by hand that is one of its schedule has a name by which the alarm on missing successes knows it', () => {
  const { config } = configFrom({
    computeEnvironments: { fargate: { type: 'FARGATE', maxvCpus: 2 } },
    jobQueues: { main: { computeEnvironments: ['fargate'] } },
    jobDefinitions: { tool: { image: 'example.com/tool:1', vcpus: 0.5, memory: 1024 } },
    schedules: { daily: { rate: '1 day', submit: { jobName: 'Daily', jobQueue: 'main', jobDefinition: 'tool' } } },
  });
  const { daily } = config.schedules;
  assert.ok(daily);
  assert.ok(nameByHand('Daily', true, now).startsWith(namesBegin(daily, 'Daily')));
  assert.ok(!nameByHand('Daily', false, now).startsWith(namesBegin(daily, 'Daily')));
  assert.equal(nameByHand('x'.repeat(128), true, now).length, 128);
});
