import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nextFire, parseAt, parseCron, parseRate, ScheduleError } from '../../scripts/cron/schedule.ts';
import { isTimeZone, timeOfWall } from '../../scripts/cron/zone.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Days on which clocks are changed, or the date itself: forwards, backwards, by half an hour, by a whole day. */
const changes: readonly (readonly [zone: string, date: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '2026-03-22'],
  ['America/Santiago', '2026-09-06'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kolkata', '2026-06-01'],
];

interface Minute {
  readonly time: number;
  /** `hh:mm` as it first shows on a day; `undefined` when it shows again. */
  readonly clock: { readonly day: number; readonly hour: number; readonly minute: number } | undefined;
}

/** Every minute of the days around a change, and what a clock in the zone newly shows then. */
function minutesAround(zone: string, date: string): readonly Minute[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const shown = new Set<string>();
  const start = Date.parse(`${date}T00:00:00Z`) - 2 * day;
  return Array.from({ length: 5 * 1_440 }, (_, index) => {
    const time = start + index * minute;
    const text = format.format(time);
    const isNew = !shown.has(text);
    shown.add(text);
    const [, d, h, m] = /-(\d+) (\d+):(\d+)/.exec(text) ?? [];
    return { time, clock: isNew ? { day: Number(d), hour: Number(h), minute: Number(m) } : undefined };
  });
}

const tables = changes.map(([zone, date]) => ({ zone, date, minutes: minutesAround(zone, date) }));

const values = (low: number, high: number): fc.Arbitrary<readonly number[] | undefined> =>
  fc.option(fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 6 }), { nil: undefined });

const text = (chosen: readonly number[] | undefined): string => chosen?.join(',') ?? '*';
const holds = (chosen: readonly number[] | undefined, value: number): boolean => chosen?.includes(value) ?? true;

test('fires around a change of clocks are those that a scan of every minute finds', () => {
  const fields = fc.record({ minutes: values(0, 59), hours: values(0, 4), days: values(1, 31) });
  fc.assert(
    fc.property(
      fc.constantFrom(...tables),
      fields,
      fc.integer({ min: 1_440, max: 4 * 1_440 }),
      fc.integer({ min: 0, max: minute - 1 }),
      ({ zone, date, minutes: table }, { minutes, hours, days }, from, offset) => {
        const schedule = parseCron(`${text(minutes)} ${text(hours)} ${text(days)} * ? *`);
        const isFire = ({ clock }: Minute): boolean =>
          clock !== undefined && holds(minutes, clock.minute) && holds(hours, clock.hour) && holds(days, clock.day);
        const expected = table
          .slice(from + 1)
          .filter(isFire)
          .slice(0, 5);
        let after = new Date((table[from]?.time ?? 0) + offset);
        for (const { time } of expected) {
          const actual = nextFire(schedule, after, zone);
          assert.equal(
            actual?.toISOString(),
            new Date(time).toISOString(),
            `${zone} ${date} after ${after.toISOString()}`,
          );
          after = new Date(time);
        }
      },
    ),
    { numRuns: 500 },
  );
});

const fires = (expression: string, zone: string, from: string, count: number): readonly string[] => {
  const schedule = parseCron(expression);
  const found: string[] = [];
  for (let time = nextFire(schedule, new Date(from), zone); time !== undefined && found.length < count; ) {
    found.push(time.toISOString().slice(0, 16));
    time = nextFire(schedule, time, zone);
  }
  return found;
};

test('a daily time keeps its place on the clock when the zone leaves and enters summer time', () => {
  const spring = ['2026-03-28T05:00', '2026-03-29T04:00', '2026-03-30T04:00'];
  assert.deepEqual(fires('0 6 * * ? *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3), spring);
  const autumn = ['2026-10-24T04:00', '2026-10-25T05:00'];
  assert.deepEqual(fires('0 6 * * ? *', 'Europe/Berlin', '2026-10-24T00:00:00Z', 2), autumn);
});

test('a time that the clocks skip is left out that day', () => {
  const expected = ['2026-03-28T01:30', '2026-03-30T00:30'];
  assert.deepEqual(fires('30 2 * * ? *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 2), expected);
});

test('a time that the clocks show twice fires the first time only, also when asked between the two', () => {
  const expected = ['2026-10-25T00:30', '2026-10-26T01:30'];
  assert.deepEqual(fires('30 2 * * ? *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2), expected);
  assert.deepEqual(fires('30 2 * * ? *', 'Europe/Berlin', '2026-10-25T00:45:00Z', 1), ['2026-10-26T01:30']);
});

test('a schedule whose every time the clocks skip never fires', () => {
  assert.equal(nextFire(parseCron('30 2 29 3 ? 2026'), new Date('2026-01-01'), 'Europe/Berlin'), undefined);
});

test('a one-time schedule fires at its time in the zone, and never again', () => {
  const at = parseAt('2026-11-23T06:15:30');
  assert.equal(nextFire(at, new Date('2026-11-01'), 'Asia/Kolkata')?.toISOString(), '2026-11-23T00:45:30.000Z');
  assert.equal(nextFire(at, new Date('2026-11-23T00:45:30Z'), 'Asia/Kolkata'), undefined);
  assert.equal(nextFire(at, new Date('2026-11-01'))?.toISOString(), '2026-11-23T06:15:30.000Z');
  assert.equal(nextFire(parseAt('2026-03-29T02:30:00'), new Date('2026-01-01'), 'Europe/Berlin'), undefined);
});

for (const wrong of ['2026-02-30T00:00:00', '2026-11-23', '2026-11-23T06:15', '2026-11-23T06:15:30Z', 'tomorrow', '']) {
  test(`"${wrong}" is no time of a one-time schedule`, () => {
    assert.throws(() => parseAt(wrong), ScheduleError);
  });
}

test('a rate takes no notice of clocks', () => {
  const next = nextFire(parseRate('1 day'), new Date('2026-03-28T12:00:00Z'), 'Europe/Berlin');
  assert.equal(next?.toISOString(), '2026-03-29T12:00:00.000Z');
});

test('zones are known by the names of the IANA database, exactly as they are spelled', () => {
  for (const zone of [
    'UTC',
    'Etc/UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'Asia/Calcutta',
    'Asia/Kolkata',
  ])
    assert.equal(isTimeZone(zone), true, zone);
  for (const zone of ['', 'europe/berlin', 'Europe/Hamburg', '+02:00', 'Berlin'])
    assert.equal(isTimeZone(zone), false, zone);
});

test('a wall time is in whole seconds, and asking in a zone that is none is refused', () => {
  assert.equal(timeOfWall(Date.UTC(2026, 6, 1, 12), 'Europe/Berlin'), Date.UTC(2026, 6, 1, 10));
  assert.throws(() => timeOfWall(0, 'Europe/Hamburg'), RangeError);
});
