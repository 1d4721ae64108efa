/** From `0%` to `100%` as somebody wrote it, such as `2.5%`: as a number of floating point it would be another one. */
export type Percentage = `${string}%`;

export const percentage = /^(100(\.0+)?|\d{1,2}(\.\d+)?)%$/;

export const isPercentage = (text: string): text is Percentage => percentage.test(text);

/** How many of a whole are within a percentage of it, to the last digit. */
export function shareOf(share: Percentage, whole: number): number {
  const [digits = '', decimals = ''] = share.replace('%', '').split('.');
  return Number((BigInt(whole) * BigInt(digits + decimals)) / (100n * 10n ** BigInt(decimals.length)));
}

/** Whether a part of a whole, counted in whole numbers, is more than a percentage of it. */
export const isMoreThan = (share: Percentage, part: number, whole: number): boolean => part > shareOf(share, whole);
