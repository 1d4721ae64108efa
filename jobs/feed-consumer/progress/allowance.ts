import { isPercentage, type Percentage, shareOf } from '../../messages/percentage.ts';
import type { Environment } from '../../process/environment.ts';

/** How many rejects a delivery may have that succeeds all the same. */
export interface Allowance {
  /** Of the records that are sent, and in any case so many. */
  readonly share: Percentage;
  readonly least: number;
  /** As it is told in an error. */
  readonly told: string;
}

/** A few bad records are usual in a large feed, and in a small one a tenth is soon reached. */
const usual: Allowance = { share: '10%', least: 10_000, told: '10%, and 10000 of any feed' };

/** MAX_REJECTS: a share, as `2.5%`, or a number of records. */
export function readAllowance(environment: Environment): Allowance {
  // Any text: what is wrong with it is told in other words than a pattern.
  const value = environment.optionalText('MAX_REJECTS', /^/);
  if (value === undefined) return usual;
  if (isPercentage(value)) return { share: value, least: 0, told: value };
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
    environment.refuse('MAX_REJECTS', `"${value}" must be a whole number, or a share of at most 100%, as 2.5%`);
  return { share: '0%', least: Number(value), told: value };
}

export const mostRejectsOf = ({ share, least }: Allowance, records: number): number =>
  Math.max(least, shareOf(share, records));
