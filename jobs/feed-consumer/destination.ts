import { reasonOf } from '../process/job-error.ts';
import { parseRetryAfter } from './retry-delay.ts';

/** A line of a batch that the destination refuses; `index` counts from 0 within the batch. */
export interface RefusedLine {
  readonly index: number;
  readonly reason: string;
}

/** What a destination may say to a batch. */
export type Answer =
  /** 2xx. With 207 some lines are refused: `{ "rejected": [{ "index": 3, "reason": "…" }] }`. */
  | { readonly kind: 'accepted'; readonly refused: readonly RefusedLine[] }
  /** 408, 425, 429, 5xx, or no answer at all: the same request may succeed later. `retryAfter` in milliseconds. */
  | { readonly kind: 'busy'; readonly reason: string; readonly retryAfter: number | undefined }
  /** Another 4xx: something in this batch is wrong. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It would say the same to every batch: wrong address, wrong credentials, a protocol that is not ours. */
  | { readonly kind: 'hopeless'; readonly reason: string };

export interface DestinationOptions {
  readonly url: URL;
  readonly feedType: string;
  /** Cuts requests off that are under way. */
  readonly abort: AbortSignal;
}

/** Milliseconds for one request with its answer. */
const requestTimeout = 60_000;
const comesLater: ReadonlySet<number> = new Set([408, 425, 429]);
const meansEveryBatch: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

/** The service that takes the records: batches of NDJSON, each posted under a key that makes a repetition harmless. */
export class Destination {
  readonly #options: DestinationOptions;
  #bytes = 0;

  constructor(options: DestinationOptions) {
    this.#options = options;
  }

  /** Bytes of JSON that were posted, repetitions included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Posts once and never throws for what the destination did. Throws when `abort` was signalled. */
  async post(lines: readonly string[], idempotencyKey: string): Promise<Answer> {
    const { url, feedType, abort } = this.#options;
    const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    this.#bytes += body.length;
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([abort, AbortSignal.timeout(requestTimeout)]),
        headers: {
          'content-type': 'application/x-ndjson',
          'idempotency-key': idempotencyKey,
          'x-feed-type': feedType,
        },
        body,
      });
      return answerOf(response, await response.text(), lines.length);
    } catch (error) {
      if (abort.aborted) throw error;
      return { kind: 'busy', reason: reasonOf(error), retryAfter: undefined };
    }
  }
}

function answerOf({ status, headers }: Response, body: string, lines: number): Answer {
  if (status === 207) return partAnswer(body, lines);
  if (status >= 200 && status < 300) return { kind: 'accepted', refused: [] };
  const said = body.trim().slice(0, 300);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}: ${said}`;
  if (status >= 500 || comesLater.has(status))
    return { kind: 'busy', reason, retryAfter: parseRetryAfter(headers.get('retry-after'), Date.now()) };
  if (status < 400 || meansEveryBatch.has(status)) return { kind: 'hopeless', reason };
  return { kind: 'refused', reason };
}

function partAnswer(body: string, lines: number): Answer {
  const refused = refusedLines(body);
  if (refused?.every(({ index }) => index < lines) !== true)
    return { kind: 'hopeless', reason: `it answered 207 with what names no lines of the batch: ${body.slice(0, 300)}` };
  return { kind: 'accepted', refused };
}

/** `undefined` when the body is not of the protocol. */
function refusedLines(body: string): readonly RefusedLine[] | undefined {
  const answer = parsed(body);
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
