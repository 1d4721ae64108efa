import { parseRetryAfter } from '../../process/retry-after.ts';
import type { Answer } from './destination.ts';
import { type HttpReply, longestList } from './http-reply.ts';

/** Characters of a refusal that are worth telling. */
const longestSaying = 300;
const comesLater: ReadonlySet<number> = new Set([408, 425, 429]);
const meansEveryParcel: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

/**
 * 2xx: taken; with 207 some records are refused: `{ "rejected": [{ "index": 3, "reason": "…" }] }`. 408, 425, 429, 5xx: the
 * same request may succeed later. Another 4xx: something in this parcel is wrong. The rest means every parcel. A service
 * may repeat what it was sent: its texts are told as `discreet` leaves them.
 */
export function answerOf(reply: HttpReply, records: number, discreet: (text: string) => string): Answer {
  const { status, retryAfter } = reply;
  if (reply.refusals === undefined && status >= 200 && status < 300) return { kind: 'accepted', refused: [] };
  if (typeof reply.refusals === 'object' && reply.refusals.every(({ index }) => index < records))
    return { kind: 'accepted', refused: reply.refusals.map((each) => ({ ...each, reason: discreet(each.reason) })) };
  const said = discreet(reply.said).slice(0, longestSaying).trimEnd();
  if (reply.refusals !== undefined) return unreadAnswer(reply.refusals, said);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}: ${said}`;
  if (status >= 500 || comesLater.has(status)) {
    const wait = parseRetryAfter(retryAfter, Date.now());
    return { kind: 'busy', cause: String(status), reason, ...(wait !== undefined && { retryAfter: wait }) };
  }
  return { kind: status < 400 || meansEveryParcel.has(status) ? 'hopeless' : 'refused', reason };
}

function unreadAnswer(refusals: NonNullable<HttpReply['refusals']>, said: string): Answer {
  // Again it would be as long, and what is not read may name a record.
  if (refusals === 'too long')
    return {
      kind: 'hopeless',
      reason: `it answered 207 with more than ${longestList} bytes, which are not read; it must give shorter reasons, or a smaller BATCH_SIZE must ask for fewer of them`,
    };
  // Without a Content-Length an answer that is cut off looks whole.
  if (refusals === 'broken') return { kind: 'busy', cause: '207', reason: `it answered 207 with no JSON: ${said}` };
  return { kind: 'hopeless', reason: `it answered 207 with what names no records of the batch: ${said}` };
}
