import type { Aws } from '../aws/clients.ts';
import { isError } from '../aws/errors.ts';
import { settle, type Waiter } from '../aws/waiting.ts';

interface WithStatus {
  readonly status?: string | undefined;
  readonly statusReason?: string | undefined;
}

/** Something of Batch that takes its time: how to read it, `undefined` when it is gone. */
export interface Unhurried<Live extends WithStatus> {
  /** `job queue "main"` */
  readonly what: string;
  describe(): Promise<Live | undefined>;
}

/** Deleted records linger in lists, under names that can be used again. */
export const isThere = ({ status }: WithStatus): boolean => status !== 'DELETED' && status !== 'DELETING';

const transitional: ReadonlySet<string | undefined> = new Set(['CREATING', 'UPDATING', 'DELETING']);

const inTransit = (live: WithStatus | undefined): string | undefined =>
  transitional.has(live?.status) ? live?.status : undefined;

/** Waits out what AWS is doing with it; `undefined` when it is gone. */
export const untilSettled = <Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  { what, describe }: Unhurried<Live>,
): Promise<Live | undefined> =>
  settle<Live | undefined>(aws.pace, waiter, { what, read: describe, pending: inTransit });

/** A description may be late: of what is VALID by it, Batch may still say that it is changing. */
export const beingModified = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /being modified/i) ? 'being modified' : undefined;

/** Also what a late description still shows may be gone. */
export const isGone = (error: unknown): boolean => isError(error, 'ClientException', /does not exist|not found/i);

/** How often in a row a description must have nothing of what a listing has shown before that is believed. */
const looks = 3;

/** Like {@link untilSettled}, of what was there a moment ago. */
export function untilSettledOrGone<Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  { what, describe }: Unhurried<Live>,
): Promise<Live | undefined> {
  let missing = 0;
  return settle<Live | undefined>(aws.pace, waiter, {
    what,
    read: describe,
    pending: (live) => {
      missing = live === undefined ? missing + 1 : 0;
      return live === undefined && missing < looks ? 'not seen' : inTransit(live);
    },
  });
}

/**
 * Waits until it can be used; throws with AWS's reason when it never will. Who calls this has just made or changed it, so
 * where AWS does not know it, AWS does not know it yet.
 */
export async function untilValid<Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  resource: Unhurried<Live>,
): Promise<void> {
  const live = await settle(aws.pace, waiter, {
    what: resource.what,
    read: resource.describe,
    pending: (value) => (value === undefined ? 'not seen yet' : inTransit(value)),
  });
  if (live?.status === 'VALID') return;
  const reason = live?.statusReason ? ` (${live.statusReason})` : '';
  throw new Error(`${resource.what} is ${live?.status}${reason}`);
}

/** Waits until its name is free again. */
export async function untilGone<Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  { what, describe }: Unhurried<Live>,
): Promise<void> {
  await settle(aws.pace, waiter, { what, read: describe, pending: (live) => live?.status });
}
