/** Next fires against a scan of every minute that knows nothing of the code under test but the dialect. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nextFire, parseCron } from '../../scripts/cron/schedule.ts';

const minute = 60_000;
const day = 86_400_000;
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** A part of a field and the question that it asks of a value. */
interface Part {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}

const between = (from: number, to: number, value: number): boolean =>
  from <= to ? from <= value && value <= to : value >= from || value <= to;

function partOf(
  low: number,
  high: number,
  steps: boolean,
  wraps: boolean,
  name: (n: number) => string = String,
): fc.Arbitrary<Part> {
  const value = fc.integer({ min: low, max: high });
  const written = (n: number): fc.Arbitrary<string> => fc.constantFrom(String(n), name(n), name(n).toLowerCase());
  const range = fc.tuple(value, value).filter(([from, to]) => wraps || from <= to);
  const plain: fc.Arbitrary<Part>[] = [
    fc.constant({ text: '*', holds: () => true }),
    value.chain((n) => written(n).map((text): Part => ({ text, holds: (v) => v === n }))),
    range.chain(([from, to]) =>
      fc
        .tuple(written(from), written(to))
        .map(([a, b]): Part => ({ text: `${a}-${b}`, holds: (v) => between(from, to, v) })),
    ),
  ];
  const step = fc.integer({ min: 1, max: high - low + 5 });
  const stepped: fc.Arbitrary<Part>[] = [
    fc.tuple(value, step).map(([n, by]): Part => ({ text: `${n}/${by}`, holds: (v) => v >= n && (v - n) % by === 0 })),
    step.map((by): Part => ({ text: `*/${by}`, holds: (v) => (v - low) % by === 0 })),
    fc.tuple(range, step).map(
      ([[from, to], by]): Part => ({
        text: `${from}-${to}/${by}`,
        holds: (v) => between(from, to, v) && (v >= from ? v - from : v + (high - low + 1) - from) % by === 0,
      }),
    ),
  ];
  return fc.oneof(...plain, ...(steps ? stepped : []));
}

const listOf = (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    holds: (value) => parts.some(({ holds }) => holds(value)),
  }));

/** The two day fields together, and the question they ask of a day. */
interface Days {
  readonly dayOfMonth: string;
  readonly dayOfWeek: string;
  readonly holds: (date: Date) => boolean;
}

const shifted = (date: Date, days: number): Date => new Date(date.getTime() + days * day);
const isWorkday = (date: Date): boolean => date.getUTCDay() % 6 !== 0;
const sameMonth = (one: Date, other: Date): boolean => one.getUTCMonth() === other.getUTCMonth();

/** Whether a day is the work day of its month that lies closest to a date of it. */
function isNearestWorkday(date: Date, target: number): boolean {
  const first = shifted(date, 1 - date.getUTCDate());
  const aim = shifted(first, target - 1);
  if (!sameMonth(first, aim)) return false;
  const candidates = [0, -1, 1, -2, 2].map((distance) => shifted(aim, distance));
  const nearest = candidates.find((candidate) => isWorkday(candidate) && sameMonth(candidate, aim));
  return nearest?.getTime() === date.getTime();
}

const lastOf = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

const weekday = fc.integer({ min: 0, max: 6 });
const inMonth = (text: string, holds: (date: Date) => boolean): Days => ({ dayOfMonth: text, dayOfWeek: '?', holds });
const inWeek = (text: string, holds: (date: Date) => boolean): Days => ({ dayOfMonth: '?', dayOfWeek: text, holds });
const days: fc.Arbitrary<Days> = fc.oneof(
  listOf(partOf(1, 31, true, true)).map(({ text, holds }) => inMonth(text, (date) => holds(date.getUTCDate()))),
  fc.constant(inMonth('L', (date) => !sameMonth(date, shifted(date, 1)))),
  fc.constant(inMonth('LW', (date) => isNearestWorkday(date, lastOf(date)))),
  fc.integer({ min: 1, max: 31 }).map((n) => inMonth(`${n}W`, (date) => isNearestWorkday(date, n))),
  listOf(partOf(1, 7, false, true, (n) => weekdays[n - 1] ?? '')).map(({ text, holds }) =>
    inWeek(text, (date) => holds(date.getUTCDay() + 1)),
  ),
  fc.constant(inWeek('L', (date) => date.getUTCDay() === 6)),
  fc
    .tuple(weekday, fc.boolean())
    .map(([n, named]) =>
      inWeek(`${named ? weekdays[n] : n + 1}L`, (date) => date.getUTCDay() === n && !sameMonth(date, shifted(date, 7))),
    ),
  fc
    .tuple(weekday, fc.integer({ min: 1, max: 5 }))
    .map(([n, nth]) =>
      inWeek(
        `${n + 1}#${nth}`,
        (date) =>
          date.getUTCDay() === n &&
          sameMonth(date, shifted(date, -7 * (nth - 1))) &&
          !sameMonth(date, shifted(date, -7 * nth)),
      ),
    ),
);

interface Expression {
  readonly text: string;
  readonly holdsDay: (date: Date) => boolean;
  readonly holdsMinute: (date: Date) => boolean;
}

const expression: fc.Arbitrary<Expression> = fc
  .record({
    minutes: listOf(partOf(0, 59, true, true)),
    hours: listOf(partOf(0, 23, true, true)),
    days,
    month: fc.oneof(
      fc.constant<Part>({ text: '*', holds: () => true }),
      listOf(partOf(1, 12, true, true, (n) => months[n - 1] ?? '')),
    ),
    year: fc.oneof(
      fc.constant<Part>({ text: '*', holds: () => true }),
      listOf(partOf(1970, 2199, true, false)),
      listOf(partOf(2026, 2029, false, false)),
    ),
  })
  .map(({ minutes, hours, days, month, year }) => ({
    text: [minutes.text, hours.text, days.dayOfMonth, month.text, days.dayOfWeek, year.text].join(' '),
    holdsDay: (date) => year.holds(date.getUTCFullYear()) && month.holds(date.getUTCMonth() + 1) && days.holds(date),
    holdsMinute: (date) => hours.holds(date.getUTCHours()) && minutes.holds(date.getUTCMinutes()),
  }));

/** The first fire after a time that a look at each day, and each minute of the days that fit, finds within so many days. */
function scan({ holdsDay, holdsMinute }: Expression, after: Date, within: number): Date | undefined {
  const start = Math.floor(after.getTime() / day) * day;
  for (let midnight = start; midnight < start + within * day; midnight += day) {
    if (!holdsDay(new Date(midnight))) continue;
    for (let time = midnight; time < midnight + day; time += minute) {
      if (time > after.getTime() && holdsMinute(new Date(time))) return new Date(time);
    }
  }
  return undefined;
}

test('the next fires are those that a scan of every minute finds', () => {
  const within = 1_500;
  fc.assert(
    fc.property(
      expression,
      fc.date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }),
      (candidate, start) => {
        const schedule = parseCron(candidate.text);
        let after = start;
        for (let fire = 0; fire < 4; fire += 1) {
          const expected = scan(candidate, after, within);
          const actual = nextFire(schedule, after);
          if (expected === undefined) {
            const horizon = after.getTime() + (within - 1) * day;
            assert.ok(
              actual === undefined || actual.getTime() > horizon,
              `${candidate.text}: ${actual?.toISOString()}`,
            );
            return;
          }
          assert.equal(actual?.toISOString(), expected.toISOString(), candidate.text);
          after = expected;
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('a next fire is a whole minute that the expression means, and going on from it never goes back', () => {
  fc.assert(
    fc.property(expression, (candidate) => {
      const schedule = parseCron(candidate.text);
      let after = new Date('2026-11-23T10:22:37Z');
      for (let fire = 0; fire < 20; fire += 1) {
        const next = nextFire(schedule, after);
        if (next === undefined) return;
        assert.ok(next > after && next.getTime() % minute === 0, candidate.text);
        assert.ok(candidate.holdsMinute(next) && candidate.holdsDay(new Date(Math.floor(next.getTime() / day) * day)));
        after = next;
      }
    }),
    { numRuns: 300 },
  );
});
