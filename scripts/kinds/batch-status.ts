import type { Aws } from '../aws/clients.ts';
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
