import assert from 'node:assert/strict';
import test from 'node:test';
import { keyOf, type Plan } from '../../scripts/reconcile/change.ts';
import { alertedWorld, unconfirmed } from '../support/alerted-world.ts';

const hour = 3_600_000;
const actions = ({ changes }: Plan): string[] => changes.map(({ action, ref }) => `${action} ${keyOf(ref)}`);

const zoned = (extra = '') => `
schedules:
  broadbean:
    cron: 0 6 * * ? *
    timezone: Europe/Berlin${extra}
`;

test('a schedule with a time zone fires at its local time before and after clocks are changed', async (t) => {
  // In Europe clocks are set forward on 28 March 2027, at 01:00 UTC.
  const { clock, jobs, environment } = await alertedWorld(t, Date.UTC(2027, 2, 26, 12), zoned());
  assert.deepEqual(actions(await environment.plan()), []);
  await clock.advanceTo(Date.UTC(2027, 2, 29, 12));
  assert.deepEqual(await jobs(), [
    'Lambda-Broadbean-20270327T050000Z SUCCEEDED',
    'Lambda-Broadbean-20270328T040000Z SUCCEEDED',
    'Lambda-Broadbean-20270329T040000Z SUCCEEDED',
  ]);
});

test('a schedule that gets a time zone is made by Scheduler before its rule goes, and back', async (t) => {
  const start = Date.UTC(2027, 2, 26, 12);
  const { clock, jobs, edit } = await alertedWorld(t, start, '\nschedules:\n  broadbean:\n    cron: 0 4 * * ? *\n');
  const there = await edit('cron: 0 4 * * ? *', 'cron: 0 5 * * ? *\n    timezone: Europe/Berlin');
  const plan = await there.plan();
  const moved = plan.changes.filter(({ ref }) => /local-broadbean$/.test(ref.name) && ref.kind !== 'alarm');
  assert.deepEqual(
    moved.map(({ action, ref, after }) => [action, keyOf(ref), after.map(keyOf)]),
    [
      ['delete', 'rule/local-broadbean', ['schedule/local-schedules/local-broadbean']],
      [
        'create',
        'schedule/local-schedules/local-broadbean',
        ['function/local-schedule-to-batch', 'role/local-scheduler', 'schedule-group/local-schedules'],
      ],
    ],
  );
  // Both are there for a while when the deletion fails, and fire at one time: one job comes of it.
  const creating = { ...plan, changes: plan.changes.filter(({ action }) => action !== 'delete') };
  await there.apply(creating, () => {});
  await clock.advanceTo(start + 24 * hour);
  assert.deepEqual(await jobs(), ['Lambda-Broadbean-20270327T040000Z SUCCEEDED']);
  await there.apply(await there.plan(), () => {});
  assert.deepEqual(actions(await there.plan()), []);

  const back = await edit('\n    timezone: Europe/Berlin', '');
  const returning = await back.plan();
  const gone = returning.changes.find(({ ref }) => ref.kind === 'schedule');
  assert.deepEqual([gone?.action, gone?.after.map(keyOf)], ['delete', ['rule/local-broadbean']]);
  await back.apply(returning, () => {});
  assert.deepEqual(actions(await back.plan()), []);
});

test('a time that has passed is told of, and planned no more, whether it is there or not', async (t) => {
  const once = (at: string) => `
schedules:
  broadbean:
    cron: null
    expectSuccessWithin: null
    at: "${at}"
`;
  const { edit } = await alertedWorld(t, Date.UTC(2026, 10, 23), once('2999-01-01T00:00:00'));
  const note = (name: string): string =>
    `schedule "local-schedules/${name}" is left as it is: its time, 2001-01-01T00:00:00 in UTC, has passed; take it out of config, or give it another time`;
  const passed = await edit('2999', '2001');
  const waiting = unconfirmed('alerts', 'ops@example.com');
  const { changes, notes } = await passed.plan();
  assert.deepEqual([changes, notes], [[], [note('local-broadbean'), waiting]]);
  const absent = await edit(
    'schedules:\n',
    'schedules:\n  again:\n    at: "2001-01-01T00:00:00"\n    submit: { jobName: again, jobQueue: feeds, jobDefinition: feed-watcher }\n',
  );
  const second = await absent.plan();
  assert.deepEqual([second.changes, second.notes], [[], [note('local-again'), note('local-broadbean'), waiting]]);
});
