import * as http from 'node:http';
import * as https from 'node:https';
import { causeOfFailure } from '../../process/untrusted-server.ts';
import type { Body } from './destination.ts';
import { type HttpReply, ReplyReader } from './http-reply.ts';
import type { Deadline } from './large-turns.ts';

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  /** It stays as it is until the answer is here. */
  readonly body: Body;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  readonly abort: AbortSignal;
}

/**
 * Posts to one address over connections that are kept. Node's own client rather than `fetch`, which copies each body and
 * takes four times as long for a request. Redirects are answers like others.
 */
export class HttpPoster {
  readonly #url: URL;
  readonly #request: typeof http.request;
  readonly #agent: http.Agent;
  readonly #replies = new ReplyReader();

  constructor(url: URL) {
    const secure = url.protocol === 'https:';
    this.#url = url;
    this.#request = secure ? https.request : http.request;
    this.#agent = secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  }

  /**
   * Rejects when the answer does not come, breaks off or takes too long, and when `abort` is signalled; with an UntrustedServer when
   * the service was not trusted with the request.
   */
  post({ headers, body, timeout, abort }: HttpPost): Promise<HttpReply> {
    return new Promise<HttpReply>((resolve, reject) => {
      abort.throwIfAborted();
      const length = { 'content-length': String(body.length) };
      const outgoing = this.#request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, ...length },
      });
      const cut = (reason: unknown): void => {
        outgoing.destroy();
        reject(reason);
      };
      const onAbort = (): void => cut(abort.reason);
      const late = (): void => cut(new DOMException(`no whole answer within ${timeout / 1_000} s`, 'TimeoutError'));
      const timer = new Timer(timeout, late);
      abort.addEventListener('abort', onAbort, { once: true });
      let answered = false;
      outgoing.on('close', () => {
        timer.end();
        abort.removeEventListener('abort', onAbort);
        // Node tells nothing else of a service that wants to go on in another protocol.
        if (!answered) reject(new Error('it closed the connection without an answer'));
      });
      const sending = sendBody(outgoing, readBody(body, cut));
      // What goes wrong in sending is of interest where the answer says that the body was taken, and told by 'error' else.
      sending.catch(() => {});
      outgoing.on('response', (incoming) => {
        answered = true;
        this.#replyTo(outgoing, incoming, sending, timer).then(resolve, reject);
      });
      outgoing.on('error', (error) => {
        if (!answered) reject(causeOfFailure(outgoing, this.#url, error));
      });
    });
  }

  /**
   * A service may answer before it has all of the body. What it says it takes goes out to its end, and is not taken before
   * that; the rest of what it refuses stays here. In both cases nobody looks at the body afterwards: it is the caller's again.
   */
  async #replyTo(
    outgoing: http.ClientRequest,
    incoming: http.IncomingMessage,
    sending: Promise<void>,
    deadline: Deadline,
  ): Promise<HttpReply> {
    try {
      return await this.#replies.read(incoming, deadline, async (status) => {
        if (status >= 200 && status < 300) await sending.catch((cause) => throwNotTaken(status, cause));
      });
    } finally {
      if (!outgoing.writableFinished) outgoing.destroy();
    }
  }
}

/** Runs out after so many milliseconds, those left out in which it pauses. */
class Timer implements Deadline {
  readonly #late: () => void;
  #left: number;
  #since = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, late: () => void) {
    this.#late = late;
    this.#left = milliseconds;
    this.resume();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }

  resume(): void {
    if (this.#isOver) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#late, this.#left);
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

function throwNotTaken(status: number, cause: unknown): never {
  throw new Error(`it answered ${status} before it had all of the batch, and did not take the rest`, { cause });
}

/**
 * Resolves when the system has the last byte. Node's client hears of no `drain` any more when the answer is whole, which a
 * pipe would wait for.
 */
async function sendBody(outgoing: http.ClientRequest, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<never>((_resolve, reject) => {
    outgoing.once('close', () => reject(new Error('the connection was closed')));
  });
  // Of interest only as long as something is on its way.
  closed.catch(() => {});
  for await (const piece of pieces) await Promise.race([closed, settled((done) => outgoing.write(piece, done))]);
  await Promise.race([closed, settled((done) => outgoing.end(done))]);
}

/** A body that cannot be read to its end, since its file is gone or damaged, has no answer to wait for. */
async function* readBody(body: Body, failed: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body.pieces();
  } catch (error) {
    failed(error);
    throw error;
  }
}

const settled = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    begin((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
