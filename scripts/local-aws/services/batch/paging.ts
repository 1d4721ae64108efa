import { refused } from './errors.ts';

/** One page of an answer, with the token that continues it. Tokens are opaque: the position behind the last item. */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
  most = 100,
): { readonly items: T[]; readonly nextToken?: string } {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > most))
    throw refused(`maxResults must be between 1 and ${most}`);
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw refused('nextToken is not valid');
  const end = start + (maxResults ?? most);
  const shown = items.slice(start, end);
  return end < items.length
    ? { items: shown, nextToken: Buffer.from(String(end)).toString('base64url') }
    : { items: shown };
}
