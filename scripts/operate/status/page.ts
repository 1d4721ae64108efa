import type { Display } from '../display.ts';

/** So many columns has a terminal at the least that this is made for. */
export const width = 100;
export const indent = '    ';

export type Paint = Display['paint'];

/** `Thu 26 Nov 03:00`, with the year where it is not near. */
export function timeText(time: Date, zone: string, now: Date): string {
  const isNear = Math.abs(time.getTime() - now.getTime()) < 180 * 86_400_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...(isNear ? {} : { year: 'numeric' }),
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const year = isNear ? '' : ` ${of('year')}`;
  // Some have September with four letters.
  return `${of('weekday')} ${of('day')} ${of('month').slice(0, 3)}${year} ${of('hour')}:${of('minute')}`;
}

export const headIn = (paint: Paint) => (head: string) => (head === '' ? '' : paint('bold', head));
