/** An expression that AWS would refuse. The message names the field, the offending value and what is allowed. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/**
 * One field of a cron expression: its values and what may stand between them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
 */
export interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Names of the values from `low` on; upper and lower case are the same. */
  readonly names?: readonly string[];
  /** For messages, in AWS's words. */
  readonly allowed: string;
  readonly steps: boolean;
  /** AWS's own example `0/30 20-2 ? * MON-FRI *` runs over midnight; years alone have no next round. */
  readonly wraps: boolean;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const usual = { steps: true, wraps: true };

export const fields = {
  minutes: { ...usual, name: 'minutes', low: 0, high: 59, allowed: '0-59 and , - * /' },
  hours: { ...usual, name: 'hours', low: 0, high: 23, allowed: '0-23 and , - * /' },
  dayOfMonth: { ...usual, name: 'day-of-month', low: 1, high: 31, allowed: '1-31 and , - * ? / L W' },
  month: { ...usual, name: 'month', low: 1, high: 12, names: monthNames, allowed: '1-12 or JAN-DEC and , - * /' },
  dayOfWeek: {
    name: 'day-of-week',
    low: 1,
    high: 7,
    names: dayNames,
    steps: false,
    wraps: true,
    allowed: '1-7 or SUN-SAT (1 is Sunday) and , - * ? L #',
  },
  year: { ...usual, name: 'year', low: 1970, high: 2199, wraps: false, allowed: '1970-2199 and , - * /' },
} as const satisfies Record<string, Field>;

export function refuse(field: Field, text: string, reason: string): never {
  throw new ScheduleError(`${field.name} "${text}" ${reason}; allowed are ${field.allowed}`);
}

/** The values, ascending, that a whole field such as `1-5,10/20` names. */
export function parseValues(field: Field, text: string): readonly number[] {
  return ascending(text.split(',').flatMap((part) => parsePart(field, part)));
}

export const ascending = (values: readonly number[]): readonly number[] =>
  [...new Set(values)].sort((one, other) => one - other);

/** The values of one part between commas: `*`, `5`, `1-5`, any of them with a step. */
export function parsePart(field: Field, text: string): readonly number[] {
  if (text === '') return refuse(field, text, 'is empty');
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0) return refuse(field, text, 'has more than one "/"');
  if (step === undefined) return parseRange(field, text, range, 1, false);
  if (!field.steps) return refuse(field, text, 'uses "/"');
  if (!/^\d+$/.test(step) || Number(step) === 0) return refuse(field, text, 'has a step that is not a number above 0');
  return parseRange(field, text, range, Number(step), true);
}

function parseRange(field: Field, part: string, range: string, step: number, open: boolean): readonly number[] {
  if (range === '*') return stepped(field, field.low, field.high, step);
  const [from = '', to, ...more] = range.split('-');
  if (more.length > 0) return refuse(field, part, 'is no range of two values');
  const first = parseValue(field, part, from);
  if (to === undefined) return stepped(field, first, open ? field.high : first, step);
  const last = parseValue(field, part, to);
  if (last < first && !field.wraps) return refuse(field, part, 'is a range that runs backwards');
  return stepped(field, first, last, step);
}

/** One value, by number or by name. `part` is what it stands in, for the message. */
export function parseValue(field: Field, part: string, text: string): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.low + named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) return refuse(field, part, 'is not understood');
  if (value < field.low || value > field.high) return refuse(field, part, 'is out of range');
  return value;
}

/** From first to last by steps; a range whose last comes before its first goes on in the next round of the field. */
function stepped(field: Field, first: number, last: number, step: number): readonly number[] {
  const round = field.high - field.low + 1;
  const length = last >= first ? last - first : last - first + round;
  return Array.from(
    { length: Math.floor(length / step) + 1 },
    (_, index) => field.low + ((first - field.low + index * step) % round),
  );
}
