import { createHash } from 'node:crypto';

/** How bad the weather is. Everything passes after being met a few times; nothing waits for the clock. */
export interface Storm {
  readonly seed: number;
  /** The share of calls that are throttled, from 0 to 1. */
  readonly throttled: number;
  /** The share of reads shortly after a change that answer as before it. */
  readonly stale: number;
  /** The share of writes that meet another one: of a bucket, of an object under conditions, of a rule's targets. */
  readonly conflicting: number;
  /** How often, at most, what was changed is met as not being so yet: a status, a role, a tag, a name. */
  readonly lag: number;
}

/** The weather of a bad day, the same for the same seed and the same calls. */
export const stormy = (seed: number, changed: Partial<Omit<Storm, 'seed'>> = {}): Storm => ({
  throttled: 0.05,
  stale: 0.5,
  conflicting: 0.1,
  lag: 3,
  ...changed,
  seed,
});

/** A number from 0 to below 1 that follows from the seed and from what it is drawn for, whatever was drawn before it. */
export type Draw = (...about: readonly (string | number)[]) => number;

export const drawFrom =
  (seed: number): Draw =>
  (...about) =>
    createHash('sha256')
      .update(JSON.stringify([seed, ...about]))
      .digest()
      .readUInt32BE() /
    2 ** 32;
