import { ascending, fields, parsePart, parseValue, refuse } from './field.ts';

/** Which days of a month a part of a day field means. Weekdays count from 1, Sunday, as AWS does. */
export type DayRule =
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'lastDay' }
  | { readonly kind: 'lastWorkday' }
  | { readonly kind: 'workdayNearest'; readonly date: number }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'lastWeekday'; readonly weekday: number }
  | { readonly kind: 'nthWeekday'; readonly weekday: number; readonly nth: number };

export function parseDaysOfMonth(text: string): readonly DayRule[] {
  return text.split(',').map((part): DayRule => {
    const letters = part.toUpperCase();
    if (letters === 'L') return { kind: 'lastDay' };
    if (letters === 'LW') return { kind: 'lastWorkday' };
    if (letters.endsWith('W')) {
      return { kind: 'workdayNearest', date: parseValue(fields.dayOfMonth, part, part.slice(0, -1)) };
    }
    return { kind: 'dates', dates: parsePart(fields.dayOfMonth, part) };
  });
}

export function parseDaysOfWeek(text: string): readonly DayRule[] {
  if (text.includes('#')) return [parseNthWeekday(text)];
  return text.split(',').map((part): DayRule => {
    const letters = part.toUpperCase();
    // The last day of the week is Saturday; after a day, L means that day's last in the month.
    if (letters === 'L') return { kind: 'weekdays', weekdays: [fields.dayOfWeek.high] };
    if (letters.endsWith('L')) {
      return { kind: 'lastWeekday', weekday: parseValue(fields.dayOfWeek, part, part.slice(0, -1)) };
    }
    return { kind: 'weekdays', weekdays: parsePart(fields.dayOfWeek, part) };
  });
}

/** `3#2`, the second Tuesday. AWS: "If you use a '#' character, you can define only one expression" in the field. */
function parseNthWeekday(text: string): DayRule {
  const [day = '', nth = '', ...more] = text.split('#');
  if (text.includes(',') || more.length > 0) return refuse(fields.dayOfWeek, text, 'combines "#" with something else');
  if (!/^[1-5]$/.test(nth)) return refuse(fields.dayOfWeek, text, 'has no number from 1 to 5 after "#"');
  return { kind: 'nthWeekday', weekday: parseValue(fields.dayOfWeek, text, day), nth: Number(nth) };
}

interface Month {
  /** How many days it has. */
  readonly length: number;
  weekday(date: number): number;
}

function monthOf(year: number, month: number): Month {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return {
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    weekday: (date) => ((first + date - 1) % 7) + 1,
  };
}

/** The dates of a month, ascending, that any of the rules means. */
export function datesOf(rules: readonly DayRule[], year: number, month: number): readonly number[] {
  const calendar = monthOf(year, month);
  return ascending(rules.flatMap((rule) => datesOfRule(rule, calendar)));
}

function datesOfRule(rule: DayRule, month: Month): readonly number[] {
  const all = Array.from({ length: month.length }, (_, index) => index + 1);
  switch (rule.kind) {
    case 'dates':
      return rule.dates.filter((date) => date <= month.length);
    case 'lastDay':
      return [month.length];
    case 'lastWorkday':
      return [nearestWorkday(month, month.length)];
    case 'workdayNearest':
      return rule.date <= month.length ? [nearestWorkday(month, rule.date)] : [];
    case 'weekdays':
      return all.filter((date) => rule.weekdays.includes(month.weekday(date)));
    case 'lastWeekday':
      return all.filter((date) => month.weekday(date) === rule.weekday && date + 7 > month.length);
    case 'nthWeekday':
      return all.filter((date) => month.weekday(date) === rule.weekday && Math.ceil(date / 7) === rule.nth);
    default:
      return rule satisfies never;
  }
}

/** Monday to Friday closest to a date, without leaving its month. */
function nearestWorkday(month: Month, date: number): number {
  const weekday = month.weekday(date);
  if (weekday === 7) return date === 1 ? 3 : date - 1;
  if (weekday === 1) return date === month.length ? date - 2 : date + 1;
  return date;
}
