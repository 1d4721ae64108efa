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

const transitional: ReadonlySet<string | undefined> = new Set(['CREATING', 'UPDATING', 'DELETING']);

/** Waits out what AWS is doing with it; `undefined` when it is gone. */
export const untilSettled = <Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  { what, describe }: Unhurried<Live>,
): Promise<Live | undefined> =>
  settle(aws.pace, waiter, {
    what,
    read: describe,
    pending: (live) => (transitional.has(live?.status) ? live?.status : undefined),
  });

/** Waits until it can be used; throws with AWS's reason when it never will. */
export async function untilValid<Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  resource: Unhurried<Live>,
): Promise<void> {
  const live = await untilSettled(aws, waiter, resource);
  if (live?.status === 'VALID') return;
  const reason = live?.statusReason ? ` (${live.statusReason})` : '';
  throw new Error(`${resource.what} is ${live?.status ?? 'gone'}${reason}`);
}

/** Waits until its name is free again. */
export async function untilGone<Live extends WithStatus>(
  aws: Aws,
  waiter: Waiter,
  { what, describe }: Unhurried<Live>,
): Promise<void> {
  await settle(aws.pace, waiter, { what, read: describe, pending: (live) => live?.status });
}
