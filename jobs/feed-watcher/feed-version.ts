import type { IncomingHttpHeaders } from 'node:http';
import type { Validators } from '../messages/feed-state.ts';

/** What the server says about the version that it sends. Weak tags too: they tell versions apart, if not byte by byte. */
export function validatorsOf(url: URL, headers: IncomingHttpHeaders): Validators {
  const { etag } = headers;
  const lastModified = settledDate(headers);
  return {
    url: url.href,
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
