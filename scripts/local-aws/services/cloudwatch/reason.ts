/** How CloudWatch explains the state of an alarm, in words and as data. */
import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmSettings, Comparison } from './alarm.ts';
import { breaches, type Datapoint, type Evidence } from './evaluation.ts';

/** ISO 8601 as CloudWatch writes it: `2026-11-23T03:00:00.000+0000`. */
export const timestamp = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

/** `1.0`, as Java writes numbers. */
const double = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `23/11/26 03:00:00` */
function shortTime(time: number): string {
  const [year = '', month, day] = new Date(time).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year.slice(2)} ${new Date(time).toISOString().slice(11, 19)}`;
}

const comparisonWords: Readonly<Record<Comparison, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const be = (count: number): string => (count === 1 ? 'was' : 'were');

export function reasonOf(state: StateValue, settings: AlarmSettings, evidence: Evidence): string {
  const { evaluationPeriods, treatMissingData } = settings;
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${counted(evaluationPeriods, 'datapoint')} ${be(evaluationPeriods)} unknown.`;
  const { datapoints, missing } = evidence;
  const isFilled = missing > 0 && (treatMissingData === 'breaching' || treatMissingData === 'notBreaching');
  const treatment = treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const filled = isFilled
    ? ` and ${counted(missing, 'missing datapoint')} ${be(missing)} treated as [${treatment}]`
    : '';
  if (datapoints.length === 0)
    return `Threshold Crossed: no datapoints were received for ${counted(missing, 'period')}${filled}.`;
  return `Threshold Crossed: ${findings(state, settings, datapoints)}${filled}${minimum(state, settings)}.`;
}

/** `2 out of the last 3 datapoints [5.0 (…), 4.0 (…)] were greater than the threshold (1.0)` */
function findings(state: StateValue, settings: AlarmSettings, datapoints: readonly Datapoint[]): string {
  const { evaluationPeriods, datapointsToAlarm, comparison, threshold } = settings;
  const told = datapoints.filter((datapoint) => breaches(settings, datapoint) === (state === 'ALARM'));
  // Where missing data decided, what is there says the opposite.
  const shown = told.length > 0 ? told : datapoints;
  const negation = told.length > 0 === (state === 'ALARM') ? '' : 'not ';
  const noun =
    datapointsToAlarm === undefined
      ? counted(shown.length, 'datapoint')
      : `${shown.length} out of the last ${evaluationPeriods} datapoints`;
  const list = shown.map(({ value, time }) => `${double(value)} (${shortTime(time)})`).join(', ');
  return `${noun} [${list}] ${be(shown.length)} ${negation}${comparisonWords[comparison]} the threshold (${double(threshold)})`;
}

/** Told only of alarms that say how many datapoints it takes. */
function minimum(state: StateValue, { evaluationPeriods, datapointsToAlarm }: AlarmSettings): string {
  if (datapointsToAlarm === undefined) return '';
  const isAlarm = state === 'ALARM';
  const least = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return ` (minimum ${counted(least, 'datapoint')} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition)`;
}

export function reasonDataOf(time: number, settings: AlarmSettings, { datapoints }: Evidence): string {
  const oldest = datapoints.at(-1);
  return JSON.stringify({
    version: '1.0',
    queryDate: timestamp(time),
    ...(oldest && { startDate: timestamp(oldest.time) }),
    statistic: settings.statistic,
    period: settings.period,
    recentDatapoints: datapoints.map(({ value }) => value).reverse(),
    threshold: settings.threshold,
    evaluatedDatapoints: datapoints.map(({ time, samples, value }) => ({
      timestamp: timestamp(time),
      sampleCount: samples,
      value,
    })),
  });
}
