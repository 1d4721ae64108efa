import { AwsError } from '../../wire/errors.ts';

/** A part of a list and, where there is more, the token for what follows it. */
export function pageOf<Item>(
  items: readonly Item[],
  limit = 100,
  token?: string,
): { readonly page: Item[]; readonly next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('ValidationException', 'Token is not valid.');
  }
  const end = start + limit;
  return {
    page: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
