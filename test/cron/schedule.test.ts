import assert from 'node:assert/strict';
import test from 'node:test';
import { nextFire, parseCron, parseRate, parseSchedule, ScheduleError } from '../../scripts/cron/schedule.ts';

/** A Monday. */
const after = new Date('2026-11-23T10:22:37Z');

const fires = (expression: string, count = 1, from = after): string[] => {
  const schedule = parseSchedule(expression);
  const found: string[] = [];
  let time = nextFire(schedule, from);
  while (time !== undefined && found.length < count) {
    found.push(time.toISOString().slice(0, 16));
    time = nextFire(schedule, time);
  }
  return found;
};

/** The examples of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html. */
const documented: readonly (readonly [expression: string, ...fires: string[]])[] = [
  ['cron(0 10 * * ? *)', '2026-11-24T10:00', '2026-11-25T10:00'],
  ['cron(15 12 * * ? *)', '2026-11-23T12:15', '2026-11-24T12:15'],
  ['cron(0 18 ? * MON-FRI *)', '2026-11-23T18:00', '2026-11-24T18:00'],
  ['cron(0 8 1 * ? *)', '2026-12-01T08:00', '2027-01-01T08:00'],
  ['cron(0/15 * * * ? *)', '2026-11-23T10:30', '2026-11-23T10:45', '2026-11-23T11:00'],
  ['cron(0/10 * ? * MON-FRI *)', '2026-11-23T10:30', '2026-11-23T10:40'],
  ['cron(0/5 8-17 ? * MON-FRI *)', '2026-11-23T10:25', '2026-11-23T10:30'],
  ['cron(0/30 20-2 ? * MON-FRI *)', '2026-11-23T20:00', '2026-11-23T20:30', '2026-11-23T21:00'],
  ['cron(0 12 * * ? *)', '2026-11-23T12:00'],
  ['cron(5,35 14 * * ? *)', '2026-11-23T14:05', '2026-11-23T14:35', '2026-11-24T14:05'],
  ['cron(1/10 11 * * ? *)', '2026-11-23T11:01', '2026-11-23T11:11', '2026-11-23T11:21'],
  ['cron(0 0 3W * ? *)', '2026-12-03T00:00', '2027-01-04T00:00', '2027-02-03T00:00'],
  ['cron(0 0 ? * 3#2 *)', '2026-12-08T00:00', '2027-01-12T00:00'],
];

const accepted: readonly (readonly [expression: string, ...fires: string[]])[] = [
  ['cron(0 0 L * ? *)', '2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00', '2027-02-28T00:00'],
  ['cron(0 0 LW * ? *)', '2026-11-30T00:00', '2026-12-31T00:00', '2027-01-29T00:00', '2027-02-26T00:00'],
  ['cron(0 0 1W MAY ? *)', '2027-05-03T00:00', '2028-05-01T00:00'],
  ['cron(0 0 31W * ? *)', '2026-12-31T00:00', '2027-01-29T00:00', '2027-03-31T00:00'],
  ['cron(0 0 1,15,L * ? *)', '2026-11-30T00:00', '2026-12-01T00:00', '2026-12-15T00:00'],
  ['cron(0 0 28-2 * ? *)', '2026-11-28T00:00', '2026-11-29T00:00', '2026-11-30T00:00', '2026-12-01T00:00'],
  ['cron(0 0 ? * L *)', '2026-11-28T00:00', '2026-12-05T00:00'],
  ['cron(15 10 ? * 6L *)', '2026-11-27T10:15', '2026-12-25T10:15'],
  ['cron(15 10 ? * fril *)', '2026-11-27T10:15', '2026-12-25T10:15'],
  ['cron(0 9 ? * SUN#5 *)', '2026-11-29T09:00', '2027-01-31T09:00'],
  ['cron(0 9 ? * FRI-MON *)', '2026-11-27T09:00', '2026-11-28T09:00', '2026-11-29T09:00', '2026-11-30T09:00'],
  ['cron(0 9 ? * mon,Wed,6 *)', '2026-11-25T09:00', '2026-11-27T09:00', '2026-11-30T09:00'],
  ['cron(0 0 1 NOV-feb ? *)', '2026-12-01T00:00', '2027-01-01T00:00', '2027-02-01T00:00', '2027-11-01T00:00'],
  ['cron(0 22-4/3 * * ? *)', '2026-11-23T22:00', '2026-11-24T01:00', '2026-11-24T04:00'],
  ['cron(0 1-7/2,11 * * ? *)', '2026-11-23T11:00', '2026-11-24T01:00', '2026-11-24T03:00'],
  ['cron(05 09 01/10 02 ? 2028)', '2028-02-01T09:05', '2028-02-11T09:05', '2028-02-21T09:05'],
  ['cron(0 0 29 2 ? *)', '2028-02-29T00:00', '2032-02-29T00:00'],
  ['cron(0 0 1 1 ? 2027/2)', '2027-01-01T00:00', '2029-01-01T00:00'],
  ['cron(0 0 1 1 ? 2020-2022,2030)', '2030-01-01T00:00'],
  ['cron(0   0 1 1 ?   2199)', '2199-01-01T00:00'],
  ['cron(*/45 0 ? * * *)', '2026-11-24T00:00', '2026-11-24T00:45', '2026-11-25T00:00'],
];

for (const [expression, ...expected] of [...documented, ...accepted]) {
  test(`${expression} fires at ${expected.join(', ')}`, () => {
    assert.deepEqual(fires(expression, expected.length), expected);
  });
}

test('the hours that a range has after midnight belong to the same day as those before it', () => {
  const friday = new Date('2026-11-27T20:29:00Z');
  const found = fires('cron(0/30 20-2 ? * MON-FRI *)', 100, friday);
  assert.ok(found.includes('2026-11-27T23:30'));
  assert.ok(!found.some((time) => time.startsWith('2026-11-28')), 'Saturday is no day from Monday to Friday');
});

test('a fire at the very time asked from is not next, one a second later is', () => {
  assert.deepEqual(fires('cron(0 3 * * ? *)', 1, new Date('2026-11-23T03:00:00Z')), ['2026-11-24T03:00']);
  assert.deepEqual(fires('cron(0 3 * * ? *)', 1, new Date('2026-11-23T02:59:59.999Z')), ['2026-11-23T03:00']);
});

for (const expression of ['0 0 31 2 ? *', '0 0 30 FEB ? *', '0 0 31W 4,6,9,11 ? *', '0 0 1 1 ? 1970-2025']) {
  test(`cron(${expression}) is allowed and never fires again`, () => {
    assert.equal(nextFire(parseCron(expression), after), undefined);
  });
}

const refused: readonly (readonly [expression: string, message: RegExp | string])[] = [
  ['cron(60 * * * ? *)', 'minutes "60" is out of range; allowed are 0-59 and , - * /'],
  ['cron(0 24 * * ? *)', 'hours "24" is out of range; allowed are 0-23 and , - * /'],
  ['cron(0 0 0 * ? *)', 'day-of-month "0" is out of range; allowed are 1-31 and , - * ? / L W'],
  ['cron(0 0 32W * ? *)', 'day-of-month "32W" is out of range; allowed are 1-31 and , - * ? / L W'],
  ['cron(0 0 W * ? *)', 'day-of-month "W" is not understood; allowed are 1-31 and , - * ? / L W'],
  ['cron(0 0 3L * ? *)', /^day-of-month "3L" is not understood/],
  ['cron(0 0 L-3 * ? *)', /^day-of-month "L-3" is not understood/],
  ['cron(0 0 1-5W * ? *)', /^day-of-month "1-5W" is not understood/],
  ['cron(0 0 1,? * ? *)', /^day-of-month "\?" is not understood/],
  ['cron(0 0 * 13 ? *)', 'month "13" is out of range; allowed are 1-12 or JAN-DEC and , - * /'],
  ['cron(0 0 * JANUARY ? *)', /^month "JANUARY" is not understood/],
  ['cron(0 0 ? * 8 *)', 'day-of-week "8" is out of range; allowed are 1-7 or SUN-SAT (1 is Sunday) and , - * ? L #'],
  ['cron(0 0 ? * 0 *)', /^day-of-week "0" is out of range/],
  ['cron(0 0 ? * MONDAY *)', /^day-of-week "MONDAY" is not understood/],
  ['cron(0 0 ? * 2-6/2 *)', /^day-of-week "2-6\/2" uses "\/"/],
  ['cron(0 0 ? * */2 *)', /^day-of-week "\*\/2" uses "\/"/],
  ['cron(0 0 ? * 3#6 *)', /^day-of-week "3#6" has no number from 1 to 5 after "#"/],
  ['cron(0 0 ? * 3#0 *)', /^day-of-week "3#0" has no number from 1 to 5/],
  ['cron(0 0 ? * #1 *)', /^day-of-week "#1" is not understood/],
  ['cron(0 0 ? * 3#1,6#3 *)', /^day-of-week "3#1,6#3" combines "#" with something else/],
  ['cron(0 0 ? * 3#1,6 *)', /^day-of-week "3#1,6" combines/],
  ['cron(0 0 ? * L-1 *)', /^day-of-week "L-1" is not understood/],
  ['cron(0 0 ? * 5W *)', /^day-of-week "5W" is not understood/],
  ['cron(0 0 * * ? 1969)', 'year "1969" is out of range; allowed are 1970-2199 and , - * /'],
  ['cron(0 0 * * ? 2200)', /^year "2200" is out of range/],
  ['cron(0 0 * * ? 2030-2020)', /^year "2030-2020" is a range that runs backwards/],
  ['cron(0 0 * * ? ?)', /^year "\?" is not understood/],
  ['cron(? 0 * * ? *)', /^minutes "\?" is not understood/],
  ['cron(*/0 * * * ? *)', /^minutes "\*\/0" has a step that is not a number above 0/],
  ['cron(0/ * * * ? *)', /^minutes "0\/" has a step/],
  ['cron(/5 * * * ? *)', /^minutes "\/5" is not understood/],
  ['cron(0/5/5 * * * ? *)', /^minutes "0\/5\/5" has more than one "\/"/],
  ['cron(1-2-3 * * * ? *)', /^minutes "1-2-3" is no range of two values/],
  ['cron(*-5 * * * ? *)', /^minutes "\*-5" is not understood/],
  ['cron(-1 * * * ? *)', /^minutes "-1" is not understood/],
  ['cron(1.5 * * * ? *)', /^minutes "1\.5" is not understood/],
  ['cron(1,,2 * * * ? *)', /^minutes "" is empty/],
  ['cron(0 1-7/2, * * ? *)', /^hours "" is empty/],
  ['cron(00000 * * * ? *)', /^minutes "00000" is not understood/],
  [
    'cron(0 0 * * * *)',
    'day-of-month "*" and day-of-week "*" cannot stand together; exactly one of the two must be "?"',
  ],
  ['cron(0 0 ? * ? *)', /^day-of-month "\?" and day-of-week "\?" cannot stand together/],
  ['cron(0 0 1 * MON *)', /exactly one of the two must be "\?"$/],
  ['cron(0 0 * * ?)', /^cron "0 0 \* \* \?" does not have six fields; allowed are minutes hours day-of-month/],
  ['cron(0 0 0 * * ? *)', /does not have six fields/],
  ['cron()', /does not have six fields/],
  ['0 3 * * ? *', /^schedule "0 3 \* \* \? \*" is not understood; allowed are cron\(/],
  ['at(2026-11-23T10:00:00)', /^schedule .* is not understood/],
  ['rate(5 minute)', 'rate unit "minute" does not go with 5; allowed are minutes, hours, days'],
  ['rate(1 hours)', 'rate unit "hours" does not go with 1; allowed are minute, hour, day'],
  ['rate(2 weeks)', /^rate unit "weeks"/],
  ['rate(0 minutes)', 'rate "0 minutes" is not understood; allowed are a number above 0 and a unit'],
  ['rate(1.5 hours)', /^rate "1\.5 hours" is not understood/],
  ['rate(minutes)', /^rate "minutes" is not understood/],
  ['rate(1 minute please)', /is not understood/],
];

for (const [expression, message] of refused) {
  test(`${expression} is refused`, () => {
    assert.throws(() => parseSchedule(expression), { name: 'ScheduleError', message });
  });
}

test('a rate fires one period after the time given', () => {
  assert.deepEqual(fires('rate(5 minutes)', 2, new Date('2026-11-23T10:00:00Z')), [
    '2026-11-23T10:05',
    '2026-11-23T10:10',
  ]);
  assert.deepEqual(fires('rate(1 day)', 1, new Date('2026-02-28T00:00:00Z')), ['2026-03-01T00:00']);
  assert.equal(parseRate('1 hour').milliseconds, 3_600_000);
});

test('every refusal is a ScheduleError, whatever the text', () => {
  for (const text of ['', 'cron', 'cron(', ')', 'cron(\n)', 'rate()', 'cron(0 0 * * ? *) ', '__proto__']) {
    assert.throws(() => parseSchedule(text), ScheduleError, text);
  }
});
