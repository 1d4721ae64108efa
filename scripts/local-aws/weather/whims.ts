import type { Draw } from './storm.ts';

/** An SDK tries three times if it is not told otherwise, so that nobody fails who tries at all. */
const mostInARow = 2;

/** Having struck, it strikes again more often: what is overloaded stays so for a moment. */
const again = 1 / 3;

/**
 * Strikes that share of the times that it is asked, each key by draws of its own, so that calls of others change nothing
 * for it; and never more than twice in a row.
 */
export function whims(draw: Draw, about: string, share: number): (key: string) => boolean {
  const asked = new Map<string, { readonly times: number; readonly row: number }>();
  return (key) => {
    const { times, row } = asked.get(key) ?? { times: 0, row: 0 };
    const chance = row === 0 ? share : again;
    const strikes = row < mostInARow && draw(about, key, times) < chance;
    asked.set(key, { times: times + 1, row: strikes ? row + 1 : 0 });
    return strikes;
  };
}
