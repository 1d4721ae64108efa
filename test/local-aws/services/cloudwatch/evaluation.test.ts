import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { AlarmSettings, MissingData } from '../../../../scripts/local-aws/services/cloudwatch/alarm.ts';
import {
  evidenceAt,
  judge,
  nextEvaluation,
  paceOf,
} from '../../../../scripts/local-aws/services/cloudwatch/evaluation.ts';
import { reasonOf } from '../../../../scripts/local-aws/services/cloudwatch/reason.ts';
import { aggregateOf, Level, minute, Points } from '../../../../scripts/local-aws/services/cloudwatch/series.ts';

const start = Date.UTC(2026, 10, 23, 3);
const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const satisfies readonly MissingData[];

const settingsOf = (more: Partial<AlarmSettings>): AlarmSettings => ({
  description: undefined,
  actionsEnabled: true,
  actions: { OK: [], ALARM: [], INSUFFICIENT_DATA: [] },
  metric: { namespace: 'n', name: 'm', dimensions: {} },
  statistic: 'Sum',
  unit: undefined,
  period: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: undefined,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  treatMissingData: undefined,
  ...more,
});

/** `0 - X`: values within the threshold, missing and beyond it, one for each of the last minutes, oldest first. */
function seriesOf(pattern: string): { readonly series: Points; readonly end: number } {
  const series = new Points();
  const signs = pattern.split(' ');
  for (const [index, sign] of signs.entries())
    if (sign !== '-') series.add(start + index * minute, aggregateOf(sign === 'X' ? 1 : 0));
  return { series, end: start + signs.length * minute };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, its two tables. */
const documented: readonly (readonly [needed: number, pattern: string, ...states: (string | undefined)[]])[] = [
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - 0', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', undefined, 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', undefined, 'ALARM', 'OK'],
];

for (const [datapointsToAlarm, pattern, ...states] of documented) {
  test(`${pattern} is judged as AWS documents when ${datapointsToAlarm} of 3 raise the alarm`, () => {
    const { series, end } = seriesOf(pattern);
    const actual = treatments.map((treatMissingData) => {
      const settings = settingsOf({ datapointsToAlarm, treatMissingData });
      return judge(settings, evidenceAt(end, settings, series));
    });
    assert.deepEqual(actual, states);
  });
}

const told = (pattern: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', more: Partial<AlarmSettings>): string => {
  const { series, end } = seriesOf(pattern);
  const settings = settingsOf(more);
  return reasonOf(state, settings, evidenceAt(end, settings, series));
};

test('reasons are in the words of AWS', () => {
  assert.equal(told('- - -', 'INSUFFICIENT_DATA', {}), 'Insufficient Data: 3 datapoints were unknown.');
  assert.equal(
    told('X', 'ALARM', { evaluationPeriods: 1 }),
    'Threshold Crossed: 1 datapoint [1.0 (23/11/26 03:00:00)] was greater than the threshold (0.0).',
  );
  assert.equal(
    told('-', 'OK', { evaluationPeriods: 1, treatMissingData: 'notBreaching' }),
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  );
  assert.equal(
    told('- - X', 'ALARM', { datapointsToAlarm: 1, treatMissingData: 'notBreaching' }),
    'Threshold Crossed: 1 out of the last 3 datapoints [1.0 (23/11/26 03:02:00)] was greater than the threshold (0.0) and 2 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).',
  );
  assert.equal(
    told('0 X 0', 'OK', { datapointsToAlarm: 2, threshold: 0.5 }),
    'Threshold Crossed: 2 out of the last 3 datapoints [0.0 (23/11/26 03:02:00), 0.0 (23/11/26 03:00:00)] were not greater than the threshold (0.5) (minimum 2 datapoints for ALARM -> OK transition).',
  );
});

const settings = fc
  .record({
    statistic: fc.constantFrom('Sum', 'Average', 'Maximum', 'Minimum', 'SampleCount' as const),
    period: fc.constantFrom(60, 120, 300, 900, 14_400),
    evaluationPeriods: fc.integer({ min: 1, max: 7 }),
    threshold: fc.integer({ min: 0, max: 4 }),
    comparison: fc.constantFrom('GreaterThanThreshold', 'LessThanThreshold', 'GreaterThanOrEqualToThreshold' as const),
    treatMissingData: fc.constantFrom(undefined, ...treatments),
  })
  .chain((fields) =>
    fc
      .option(fc.integer({ min: 1, max: fields.evaluationPeriods }), { nil: undefined })
      .map((datapointsToAlarm) => settingsOf({ ...fields, datapointsToAlarm })),
  );

const happenings = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 90 }), value: fc.option(fc.integer({ min: 0, max: 5 })) }),
  { maxLength: 8 },
);

test('looking only when something can have changed finds what looking every minute finds', () => {
  fc.assert(
    fc.property(settings, fc.boolean(), happenings, (alarm, isLevel, list) => {
      const points = new Points();
      const level = new Level();
      const series = isLevel ? level : points;
      const pace = paceOf(alarm);
      let due: number | undefined = start + pace;
      let rare: string | undefined;
      let often: string | undefined;
      let at = start;
      const times = list.map(({ after, value }) => {
        at += after * minute;
        return { at, value };
      });
      for (let time = start + minute; time < start + 3_000 * minute; time += minute) {
        for (const { value } of times.filter((each) => each.at === time - minute)) {
          if (isLevel) level.set(time - 1, value ?? undefined);
          else points.add(time - 1, aggregateOf(value ?? 0));
          const soon = Math.ceil(time / pace) * pace;
          due = Math.min(due ?? soon, soon);
        }
        if (time % pace !== 0) continue;
        const evidence = evidenceAt(time, alarm, series);
        often = judge(alarm, evidence) ?? often;
        if (due === time) {
          rare = judge(alarm, evidence) ?? rare;
          due = nextEvaluation(time, alarm, series);
          assert.ok(due === undefined || (due > time && due % pace === 0), 'the next look lies ahead');
        }
        assert.equal(rare, often, `after ${(time - start) / minute} minutes`);
      }
    }),
    { numRuns: 150 },
  );
});

test('a metric is kept for fifteen days, and a level holds beyond them', () => {
  const points = new Points();
  const level = new Level();
  const later = start + 20 * 1_440 * minute;
  points.add(start, aggregateOf(1));
  points.add(later, aggregateOf(2));
  level.set(start, 3);
  level.set(later, 4);
  assert.deepEqual(points.between(start, later + minute), aggregateOf(2));
  assert.equal(level.between(later - minute, later)?.maximum, 3);
});
