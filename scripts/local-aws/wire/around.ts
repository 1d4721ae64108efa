import type { Clock } from '../runtime/clock.ts';
import type { Context } from './model.ts';

/** A call whose input is of its operation's shape, on its way to what answers it. */
export interface ServedCall {
  /** As in the credential scope: `events`, `tagging`. */
  readonly service: string;
  /** `PutTargets` */
  readonly operation: string;
  readonly input: unknown;
  readonly context: Context;
}

type Answer = (call: ServedCall) => Promise<unknown>;

/** Comes between a call and its answer: may refuse (with an AwsError), change either, or take its time. */
export type Around = (call: ServedCall, answer: Answer) => Promise<unknown>;

/** Sends a call through all that comes around its answer, the outermost first. */
export const through = (arounds: readonly Around[], call: ServedCall, answer: Answer): Promise<unknown> =>
  arounds.reduceRight<Answer>((inner, around) => (passing) => around(passing, inner), answer)(call);

/** Hears of a call when it is done or refused, and is waited for before the answer goes out. */
export type Observer = (call: ServedCall) => void | Promise<void>;

export const observed =
  (onCall: Observer): Around =>
  async (call, answer) => {
    try {
      return await answer(call);
    } finally {
      await onCall(call);
    }
  };

/** Answers and refusals take so much longer, as they do over a network. */
export const delayed =
  (clock: Clock, milliseconds: number): Around =>
  async (call, answer) => {
    try {
      return await answer(call);
    } finally {
      await new Promise<void>((resolve) => clock.after(milliseconds, resolve));
    }
  };
