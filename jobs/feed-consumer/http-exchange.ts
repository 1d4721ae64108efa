import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import type { HttpBody } from './http-body.ts';

/** An HTTP answer that came in whole. */
export interface HttpReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Its beginning, if it is very long. */
  readonly body: string;
  /** Whether `body` is all of it. */
  readonly isWhole: boolean;
}

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  /** It stays as it is until the answer is here. */
  readonly body: HttpBody;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  readonly abort: AbortSignal;
}

/** Bytes of an answer that are read: ten thousand refusals with their reasons. */
export const longestAnswer = 4 * 1024 * 1024;

/**
 * Posts to one address over connections that are kept. Node's own client rather than `fetch`, which copies each body and
 * takes four times as long for a request. Redirects are answers like others.
 */
export class HttpPoster {
  readonly #url: URL;
  readonly #request: typeof http.request;
  readonly #agent: http.Agent;

  constructor(url: URL) {
    const secure = url.protocol === 'https:';
    this.#url = url;
    this.#request = secure ? https.request : http.request;
    this.#agent = secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  }

  /** Rejects when the answer does not come, breaks off or takes too long, and when `abort` is signalled. */
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
      const timer = setTimeout(late, timeout);
      abort.addEventListener('abort', onAbort, { once: true });
      outgoing.on('close', () => {
        clearTimeout(timer);
        abort.removeEventListener('abort', onAbort);
      });
      let answered = false;
      outgoing.on('response', (incoming) => {
        answered = true;
        // A service may answer before all of the body was sent. The rest then does not go out: it is the caller's again.
        wholeReply(incoming)
          .finally(() => outgoing.writableFinished || outgoing.destroy())
          .then(resolve, reject);
      });
      outgoing.on('error', (error) => {
        // What goes wrong in sending is of no interest once an answer is there: it is whole, or breaks off itself.
        if (!answered) reject(error);
      });
      Readable.from(body.pieces(), { highWaterMark: 1 }).pipe(outgoing);
    });
  }
}

async function wholeReply(incoming: http.IncomingMessage): Promise<HttpReply> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > longestAnswer) break;
  }
  const { statusCode = 0, headers } = incoming;
  const body = Buffer.concat(chunks).toString('utf8');
  return { status: statusCode, retryAfter: headers['retry-after'], body, isWhole: bytes <= longestAnswer };
}
