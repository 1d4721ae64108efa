import type { IncomingMessage } from 'node:http';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { type FeedExchange, shownUrl } from './feed-exchange.ts';
import { rangeVersion } from './feed-version.ts';
import { Pace } from './pace.ts';

type Bytes = AsyncGenerator<Uint8Array>;

/** A download that broke off and cannot go on where it did: it must be begun anew. */
export class BrokenOff extends JobError {
  override name = 'BrokenOff';
}

/**
 * The body of an answer to its end. Where it breaks off, or ends before the length that was promised, the rest is asked
 * for if the server has said by what to name this version. Throws BrokenOff where it goes no further, JobError when the
 * server is too slow.
 */
export async function* wholeBody(exchange: FeedExchange, first: IncomingMessage): Bytes {
  let received = 0;
  let total = lengthOf(first);
  let response: IncomingMessage | undefined = first;
  for (let left = exchange.patience.resumptions; response !== undefined; left--) {
    let broken: unknown;
    try {
      for await (const chunk of chunksOf(exchange, response)) {
        received += chunk.length;
        yield chunk;
      }
      // A server may give less than it was asked for: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7-4
      if (total !== undefined && received < total) broken = new Error('the answer ended');
    } catch (error) {
      broken = error ?? new Error('it broke off');
    } finally {
      response.destroy();
    }
    response = broken === undefined ? undefined : await restOf(exchange, first, { received, total }, broken, left > 0);
    total ??= response && rangeOf(response)?.total;
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** How much of a version came, and how much there is of it where that is known. */
interface Progress {
  readonly received: number;
  readonly total: number | undefined;
}

/** What is behind the bytes that came, of the very same version. Throws what broke it off where it cannot be had. */
async function restOf(
  exchange: FeedExchange,
  first: IncomingMessage,
  progress: Progress,
  broken: unknown,
  mayGoOn: boolean,
): Promise<IncomingMessage> {
  if (broken instanceof JobError) throw broken;
  const { received, total } = progress;
  const place = total === undefined ? `${received} bytes` : `${received} of ${total} bytes`;
  const reason = `the download broke off after ${place} (${reasonOf(broken)})`;
  const version = rangeVersion(first.headers);
  if (mayGoOn && version !== undefined && received > 0) {
    exchange.tell(reason, { received });
    const response = await exchange.ask({ range: `bytes=${received}-`, 'if-range': version });
    if (isRest(response, first, progress)) return response;
    response.destroy();
  }
  throw new BrokenOff(`fetching ${shownUrl(exchange.url)}: ${reason}`, { received });
}

/**
 * Whether an answer goes on where the first one broke off. Not every server and cache heeds If-Range: two versions must
 * not become one, so nothing that the answer says of its version may contradict the first.
 */
function isRest(response: IncomingMessage, first: IncomingMessage, { received, total }: Progress): boolean {
  const range = rangeOf(response);
  if (response.statusCode !== 206 || range?.from !== received) return false;
  if (range.total !== undefined && total !== undefined && range.total !== total) return false;
  if (response.headers['content-encoding'] !== first.headers['content-encoding']) return false;
  return (['etag', 'last-modified'] as const).every((name) => {
    const [said, before] = [response.headers[name], first.headers[name]];
    return said === undefined || before === undefined || said === before;
  });
}

/** What a part says of its place: `bytes 10000-19999/82897`, the length of the whole perhaps as `*`. */
function rangeOf({
  headers,
}: IncomingMessage): { readonly from: number; readonly total: number | undefined } | undefined {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  if (from === undefined) return undefined;
  return { from: Number(from), total: total === '*' ? undefined : Number(total) };
}

/** Chunks as they come, and not slower than they may. Only waiting counts: who reads may take its time. */
async function* chunksOf(exchange: FeedExchange, response: IncomingMessage): Bytes {
  const chunks = response[Symbol.asyncIterator]();
  const pace = new Pace(exchange);
  for (;;) {
    const timer = pace.startWaiting((late) => response.destroy(late));
    const next = await chunks.next().finally(() => clearTimeout(timer));
    if (next.done === true) return;
    pace.came(next.value.length);
    yield next.value;
  }
}
