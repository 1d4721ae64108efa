import type { IncomingMessage } from 'node:http';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { type FeedExchange, shownUrl } from './feed-exchange.ts';
import { rangeVersion } from './feed-version.ts';

type Bytes = AsyncGenerator<Uint8Array>;

/** A download that broke off and cannot go on where it did: it must be begun anew. */
export class BrokenOff extends JobError {
  override name = 'BrokenOff';
}

/** The server keeps the job waiting for longer than it may. Another request would be no better. */
class TooSlow extends JobError {
  override name = 'TooSlow';
}

/**
 * The body of an answer to its end. Where it breaks off, or ends before the length that was promised, the rest is asked
 * for if the server has said by what to name this version. Throws BrokenOff where it goes no further, JobError when the
 * server is too slow.
 */
export async function* wholeBody(exchange: FeedExchange, first: IncomingMessage): Bytes {
  let received = 0;
  let response: IncomingMessage | undefined = first;
  for (let left = exchange.patience.resumptions; response !== undefined; left--) {
    let broken: unknown;
    try {
      for await (const chunk of chunksOf(exchange, response)) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      broken = error ?? new Error('it broke off');
    } finally {
      response.destroy();
    }
    response = broken === undefined ? undefined : await restOf(exchange, first, received, broken, left > 0);
  }
}

/** What is behind the bytes that came, of the very same version. Throws what broke it off where it cannot be had. */
async function restOf(
  exchange: FeedExchange,
  { headers }: IncomingMessage,
  received: number,
  broken: unknown,
  mayGoOn: boolean,
): Promise<IncomingMessage> {
  if (broken instanceof JobError) throw broken;
  const promised = headers['content-length'];
  const place = promised === undefined ? `${received} bytes` : `${received} of ${promised} bytes`;
  const reason = `the download broke off after ${place} (${reasonOf(broken)})`;
  const version = rangeVersion(headers);
  if (mayGoOn && version !== undefined && received > 0) {
    exchange.tell(reason, { received });
    const response = await exchange.ask({ range: `bytes=${received}-`, 'if-range': version });
    if (isRest(response, received, headers['content-encoding'])) return response;
    response.destroy();
  }
  throw new BrokenOff(`fetching ${shownUrl(exchange.url)}: ${reason}`, { received });
}

const isRest = ({ statusCode, headers }: IncomingMessage, received: number, encoding: string | undefined): boolean =>
  statusCode === 206 &&
  headers['content-range']?.startsWith(`bytes ${received}-`) === true &&
  headers['content-encoding'] === encoding;

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

/** How fast a body comes while it is waited for. */
class Pace {
  readonly #exchange: FeedExchange;
  #since = 0;
  #waited = 0;
  #bytes = 0;

  constructor(exchange: FeedExchange) {
    this.#exchange = exchange;
  }

  /** Tells `late` when nothing comes for too long. */
  startWaiting(late: (error: Error) => void): NodeJS.Timeout {
    const { left, patience } = this.#exchange;
    this.#since = performance.now();
    return left < patience.silence
      ? setTimeout(() => late(this.#tooSlow(`it was not all there after ${patience.total / 1_000} s`)), left)
      : setTimeout(() => late(new Error(`nothing came for ${patience.silence / 1_000} s`)), patience.silence);
  }

  /** Throws TooSlow when too little comes. */
  came(bytes: number): void {
    const { window, leastRate } = this.#exchange.patience;
    this.#waited += performance.now() - this.#since;
    this.#bytes += bytes;
    if (this.#waited < window) return;
    const rate = Math.round((this.#bytes / this.#waited) * 1_000);
    if (rate < leastRate)
      throw this.#tooSlow(`only ${rate} bytes a second come, and less than ${leastRate} are not waited for`);
    this.#waited = 0;
    this.#bytes = 0;
  }

  #tooSlow(reason: string): TooSlow {
    return new TooSlow(`fetching ${shownUrl(this.#exchange.url)}: ${reason}`);
  }
}
