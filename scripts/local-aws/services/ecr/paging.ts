import { invalidParameter } from './errors.ts';

/** One page of an answer, with the token that continues it: the position behind the last item. */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken?: string } {
  const most = maxResults ?? 100;
  if (most < 1 || most > 1000) throw invalidParameter("'maxResults': must be between 1 and 1000");
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalidParameter("'nextToken': not a token of this registry");
  const shown = items.slice(start, start + most);
  const end = start + most;
  return end < items.length
    ? { items: shown, nextToken: Buffer.from(String(end)).toString('base64url') }
    : { items: shown };
}
