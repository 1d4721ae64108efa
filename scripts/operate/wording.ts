const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. */
export function spanText(milliseconds: number): string {
  const span = Math.max(milliseconds, 0);
  if (span < 10 * second) return `${(span / second).toFixed(1)} s`;
  if (span < minute) return `${Math.floor(span / second)} s`;
  if (span < hour)
    return `${Math.floor(span / minute)} min ${String(Math.floor((span % minute) / second)).padStart(2, '0')} s`;
  if (span < day)
    return `${Math.floor(span / hour)} h ${String(Math.floor((span % hour) / minute)).padStart(2, '0')} min`;
  return `${Math.floor(span / day)} d ${Math.floor((span % day) / hour)} h`;
}

/** `03:00:12Z` */
export const clockText = (time: number): string => `${new Date(time).toISOString().slice(11, 19)}Z`;

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
