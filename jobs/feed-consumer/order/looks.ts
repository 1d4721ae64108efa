/** Milliseconds after which what a look found is old news. */
const longestLook = 5_000;

/**
 * A look that may be asked for at any time, and is made where the latest one began longer ago than the interval. Who asks
 * while one is under way waits for that one. `since`: when the first one began, which was made before.
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
    do {
      looking ??= begin();
      await looking;
    } while (performance.now() - seen > longestLook);
  };
}
