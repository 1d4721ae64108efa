/**
 * Runs a task for each item as it comes, at most `limit` at once; no item is asked for while all are busy. After `stop`,
 * or when a task or the source fails, none is begun any more and those under way are waited for. Throws the first failure.
 */
export async function inParallel<Item>(
  items: AsyncIterator<Item> & { return(value: undefined): Promise<unknown> },
  limit: number,
  stop: AbortSignal,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: Item): void => {
    const run: Promise<void> = task(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(run));
    running.add(run);
  };
  try {
    while (!stop.aborted && failures.length === 0) {
      const next = await items.next();
      if (next.done === true || stop.aborted || failures.length > 0) break;
      begin(next.value);
      if (running.size >= limit) await Promise.race(running);
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(running);
  await items.return(undefined);
  if (failures.length > 0) throw failures[0];
}
