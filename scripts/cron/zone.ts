/**
 * Local time in the zones of the IANA database, by the copy that Node brings along. A wall time is what clocks there show,
 * written as milliseconds as though they hung in UTC; it is in whole seconds.
 */

const second = 1_000;
const day = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes a hundred times as long as using it. Throws RangeError when there is no such zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...numeric, ...time });
  formats.set(zone, format);
  return format;
}

/** Whether AWS would know a zone: by its name, such as `Europe/Berlin`, spelled exactly so, and never by an offset. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Z]/.test(zone)) return false;
  try {
    const canonical = formatOf(zone).resolvedOptions().timeZone;
    return canonical === zone || canonical.toLowerCase() !== zone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What clocks in a zone show at a time. Throws RangeError when there is no such zone. */
export function wallTimeAt(time: number, zone: string): number {
  if (zone === 'UTC') return Math.floor(time / second) * second;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * When clocks in a zone show a wall time: the first time of two where they are set back over it, `undefined` where they
 * are set forward over it. Throws RangeError when there is no such zone.
 */
export function timeOfWall(wall: number, zone: string): number | undefined {
  // No zone changes twice within two days, so its offset is that of the day before or that of the day after.
  const offsets = [wall - day, wall + day].map((near) => wallTimeAt(near, zone) - near);
  const times = offsets.map((offset) => wall - offset).filter((time) => wallTimeAt(time, zone) === wall);
  return times.length === 0 ? undefined : Math.min(...times);
}
