import { JobError } from '../../process/job-error.ts';

/** Milliseconds between two looks at whose turn it is, where checkpoints are no more frequent. */
export const turnInterval = 5_000;
/** Milliseconds after which a delivery that was overtaken begins no request any more: its next look, and the time of it. */
export const overtakingTime = turnInterval + 1_000;

/** Milliseconds after which what a look found is old news. */
const longestLook = 5_000;

/** Looks one after the other that may each take so long. */
const patience = 10;

/**
 * A look that may be asked for at any time, and is made where the latest one began longer ago than the interval. Who asks
 * while one is under way waits for that one. `since`: when the first one began, which was made before. Throws JobError
 * where nothing but old news can be had.
 */
export function nowAndThen(look: () => Promise<void>, interval: number, since: number): () => Promise<void> {
  let seen = since;
  let looking: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    seen = performance.now();
    return look().finally(() => {
      looking = undefined;
    });
  };
  return async () => {
    if (looking === undefined && performance.now() - seen < interval) return;
    const asked = performance.now();
    for (let round = 0; round < patience; round++) {
      looking ??= begin();
      await looking;
      if (performance.now() - seen <= longestLook) return;
    }
    throw new JobError(`looking whose turn it is took ${Math.round((performance.now() - asked) / 1_000)} s`);
  };
}
