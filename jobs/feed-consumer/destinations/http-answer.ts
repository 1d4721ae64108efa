import { parseRetryAfter } from '../../process/retry-after.ts';
import type { Answer, RefusedLine } from './destination.ts';
import { type HttpReply, longestAnswer } from './http-exchange.ts';

/** Characters of a refusal that are worth telling. */
const longestSaying = 300;
const comesLater: ReadonlySet<number> = new Set([408, 425, 429]);
const meansEveryParcel: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

/**
 * 2xx: taken; with 207 some records are refused: `{ "rejected": [{ "index": 3, "reason": "…" }] }`. 408, 425, 429, 5xx: the
 * same request may succeed later. Another 4xx: something in this parcel is wrong. The rest means every parcel.
 */
export function answerOf(reply: HttpReply, records: number): Answer {
  const { status, retryAfter, body } = reply;
  if (status === 207) return partAnswer(reply, records);
  if (status >= 200 && status < 300) return { kind: 'accepted', refused: [] };
  const said = body.trim().slice(0, longestSaying);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}: ${said}`;
  if (status >= 500 || comesLater.has(status)) {
    const wait = parseRetryAfter(retryAfter, Date.now());
    return { kind: 'busy', cause: String(status), reason, ...(wait !== undefined && { retryAfter: wait }) };
  }
  return { kind: status < 400 || meansEveryParcel.has(status) ? 'hopeless' : 'refused', reason };
}

function partAnswer({ body, isWhole }: HttpReply, records: number): Answer {
  const said = body.slice(0, longestSaying);
  // Again it would be as long, and what is not read may name a record.
  if (!isWhole)
    return {
      kind: 'hopeless',
      reason: `it answered 207 with more than ${longestAnswer} bytes, which are not read; it must give shorter reasons, or a smaller BATCH_SIZE must ask for fewer of them`,
    };
  const answer = parsed(body);
  // Without a Content-Length an answer that is cut off looks whole.
  if (answer === undefined) return { kind: 'busy', cause: '207', reason: `it answered 207 with no JSON: ${said}` };
  const refused = refusedLines(answer);
  if (refused?.every(({ index }) => index < records) !== true)
    return { kind: 'hopeless', reason: `it answered 207 with what names no records of the batch: ${said}` };
  return { kind: 'accepted', refused };
}

/** `undefined` when the answer is not of the protocol. */
function refusedLines(answer: unknown): readonly RefusedLine[] | undefined {
  const list: unknown =
    typeof answer === 'object' && answer !== null && 'rejected' in answer ? answer.rejected : undefined;
  return Array.isArray(list) && list.every(isRefusedLine) ? list : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isRefusedLine = (value: unknown): value is RefusedLine =>
  typeof value === 'object' &&
  value !== null &&
  'index' in value &&
  Number.isSafeInteger(value.index) &&
  typeof value.index === 'number' &&
  value.index >= 0 &&
  'reason' in value &&
  typeof value.reason === 'string';
