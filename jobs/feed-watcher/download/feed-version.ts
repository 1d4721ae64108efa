import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Validators } from '../../messages/feed-state.ts';

/** Tells one address from another in the state of a feed. Password and query may be secrets, so a hash stands for them. */
export function addressName({ href, origin, pathname, username, password, search }: URL): string {
  if (username === '' && password === '' && search === '') return href;
  return `${origin}${pathname}?${createHash('sha256').update(href).digest('hex').slice(0, 16)}`;
}

/** What the server says about the version that it sends. Weak tags too: they tell versions apart, if not byte by byte. */
export function validatorsOf(url: URL, headers: IncomingHttpHeaders): Validators {
  const { etag } = headers;
  const lastModified = settledDate(headers);
  return {
    url: addressName(url),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  };
}

/**
 * By what a range can be asked of this version only; `undefined` where there is nothing of the kind. A weak tag may stand
 * for other bytes: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5
 */
export function rangeVersion(headers: IncomingHttpHeaders): string | undefined {
  const { etag } = headers;
  if (headers['accept-ranges'] === 'none' || etag?.startsWith('W/') === true) return undefined;
  return etag ?? settledDate(headers);
}

/**
 * Within the second that it names a feed may have changed again under the same date, so only an older one is kept:
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
 */
function settledDate({ date = '', 'last-modified': lastModified = '' }: IncomingHttpHeaders): string | undefined {
  return Date.parse(date) - Date.parse(lastModified) >= 1_000 ? lastModified : undefined;
}
