const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const pattern = /^(\d+)([smhd])$/;

const isUnit = (unit: string): unit is keyof typeof seconds => Object.hasOwn(seconds, unit);

/** Seconds of a duration as config writes it: `90s`, `15m`, `2h`, `1d`. Throws on anything else. */
export function durationSeconds(duration: string): number {
  const [, amount = '', unit = ''] = pattern.exec(duration) ?? [];
  if (!isUnit(unit)) throw new Error(`reading duration "${duration}": a whole number with s, m, h or d is needed`);
  return Number(amount) * seconds[unit];
}
