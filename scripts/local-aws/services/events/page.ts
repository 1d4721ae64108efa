import { AwsError } from '../../wire/errors.ts';

/** A part of a list and, where there is more, the token for what follows it. */
export function pageOf<Item>(
  items: readonly Item[],
  limit = 100,
  token?: string,
  /** In the service's own words. */
  refusal = new AwsError('ValidationException', 'Token is not valid.'),
): { readonly page: Item[]; readonly next: string | undefined } {
  const position = token === undefined ? '0' : Buffer.from(token, 'base64').toString();
  if (!/^\d+$/.test(position)) throw refusal;
  const start = Number(position);
  const end = start + limit;
  return {
    page: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
