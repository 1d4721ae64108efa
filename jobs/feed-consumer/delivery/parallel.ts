import { unlessStopped } from './unless-stopped.ts';

/** What may be under way at once. One item may always be, whatever it weighs. */
export interface Room {
  readonly items: number;
  readonly weight: number;
  /** Whether nothing more may begin for another reason than number and weight. Asked only while something is under way. */
  readonly isClosed?: () => boolean;
}

/**
 * Runs a task for each item as it comes, as many at once as there is room for; no item is asked for while there is none.
 * After `stop`, or when a task or the source fails, none is begun any more and those under way are waited for; the source is
 * not, if it is busy then. Throws the first failure.
 */
export async function inParallel<Item>(
  items: AsyncGenerator<Item>,
  room: Room,
  weigh: (item: Item) => number,
  stop: AbortSignal,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let weight = 0;
  const begin = (item: Item): void => {
    weight += weigh(item);
    const run: Promise<void> = task(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        weight -= weigh(item);
        running.delete(run);
      });
    running.add(run);
  };
  const isFull = (): boolean =>
    running.size >= room.items || (running.size > 0 && (weight >= room.weight || room.isClosed?.() === true));
  try {
    while (!stop.aborted && failures.length === 0) {
      const next = await unlessStopped(items.next(), stop);
      if (next === undefined || next.done === true || stop.aborted || failures.length > 0) break;
      begin(next.value);
      while (isFull()) await Promise.race(running);
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(running);
  await unlessStopped(items.return(undefined), stop);
  if (failures.length > 0) throw failures[0];
}
