import { type ClientRequest, get as getHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { get as getHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { hasReadableUser } from '../../process/address-user.ts';
import { discretionAbout } from '../../process/discretion.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import { parseRetryAfter } from '../../process/retry-after.ts';
import { causeOfFailure, UntrustedServer } from '../../process/untrusted-server.ts';
import type { Patience } from './patience.ts';

const mostRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What may be over in a moment. What stands before a server has codes of its own, such as 520 to 524 of Cloudflare. */
const isPassing = (status: number): boolean => [408, 425, 429].includes(status) || (status >= 500 && status <= 599);

const ours: OutgoingHttpHeaders = { 'accept-encoding': 'gzip', 'user-agent': 'baton-feed-watcher' };

/** An address without what may be secret in it: user, password and query. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;

const elsewhere = 'if it goes on, see whether FEED_URL is answered elsewhere: then it is the network here';

/** Takes out of a text that came from a feed's server what of its address may be secret: a page may repeat it. */
export const discretionOf = ({ origin, password, search }: URL): ((text: string) => string) =>
  discretionAbout(password === '' ? undefined : decodeURIComponent(password), new URL(search, origin));

/** The server did not answer, or in a way that may be over in a moment. */
class PassingFailure extends JobError {
  override name = 'PassingFailure';
  /** Milliseconds that the server asks to wait at least. */
  readonly retryAfter: number;

  constructor(message: string, details?: Readonly<Record<string, unknown>>, retryAfter = 0) {
    super(message, details);
    this.retryAfter = retryAfter;
  }
}

/** Asks a feed's server for one feed: within its patience, and as often as that allows. */
export class FeedExchange {
  readonly url: URL;
  readonly patience: Patience;
  readonly #log: Log;
  readonly #deadline: number;

  constructor(url: URL, patience: Patience, log: Log) {
    this.url = url;
    this.patience = patience;
    this.#log = log;
    this.#deadline = performance.now() + patience.total;
  }

  /** Milliseconds until all patience is over. */
  get left(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Tells of what went wrong and is not the end. */
  tell(reason: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#log('feed server trouble', { url: shownUrl(this.url), reason, ...fields });
  }

  /** The answer's head, its body not read yet, behind all redirects. Throws JobError when there is none to work with. */
  async ask(headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
    for (const least of this.patience.delays) {
      try {
        return await this.#once(headers);
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        const wait = Math.max(least, error.retryAfter);
        if (wait > this.left) throw error;
        this.tell(error.message, { waits: wait });
        await delay(wait);
      }
    }
    return await this.#once(headers);
  }

  async #once(headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
    const response = await this.#followed(this.url, { ...ours, ...headers }, mostRedirects);
    const status = response.statusCode ?? 0;
    if (!isPassing(status)) return response;
    response.destroy();
    const retryAfter = parseRetryAfter(response.headers['retry-after'], Date.now());
    const asks = retryAfter === undefined ? '' : `, and asks to come back in ${Math.ceil(retryAfter / 1_000)} s`;
    const reason = `the server answered ${status}${asks}; if it goes on, ask those who run it`;
    throw new PassingFailure(`${this.#fetching()}: ${reason}`, { status }, retryAfter);
  }

  async #followed(url: URL, headers: OutgoingHttpHeaders, left: number): Promise<IncomingMessage> {
    const response = await this.#answer(url, headers);
    const { location } = response.headers;
    if (!redirects.has(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    if (left === 0) throw new JobError(`${this.#fetching()}: more than ${mostRedirects} redirects`);
    return await this.#followed(this.redirectTarget(url, location), headers, left - 1);
  }

  /** Where a redirect leads. Throws JobError when it is not followed. */
  redirectTarget(url: URL, location: string): URL {
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next === undefined || !hasReadableUser(next))
      throw new JobError(`${this.#fetching()}: it redirects to what is not a URL`);
    const from = url.protocol === 'https:' ? ['https:'] : ['http:', 'https:'];
    if (from.includes(next.protocol)) return next;
    const reason = /^https?:$/.test(next.protocol)
      ? `which is not encrypted; only https is followed from ${url.origin}`
      : 'which is not HTTP';
    throw new JobError(`${this.#fetching()}: it redirects to ${next.protocol}//${next.host}, ${reason}`);
  }

  #answer(url: URL, headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const get = url.protocol === 'https:' ? getHttps : getHttp;
      const limit = Math.min(this.patience.silence, this.left);
      // No agent is kept: one job makes few requests.
      const request: ClientRequest = get(url, { headers, agent: false }, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${limit / 1_000} s`)), limit);
      request.on('error', (error) => {
        clearTimeout(timer);
        const cause = causeOfFailure(request, url, error);
        const reason = `${this.#fetching()}: ${reasonOf(cause)}`;
        reject(cause instanceof UntrustedServer ? new JobError(reason) : new PassingFailure(`${reason}; ${elsewhere}`));
      });
      // Node tells nothing else of a server that wants to go on in another protocol.
      request.on('close', () => {
        clearTimeout(timer);
        reject(new PassingFailure(`${this.#fetching()}: it closed the connection without an answer; ${elsewhere}`));
      });
    });
  }

  #fetching(): string {
    return `fetching ${shownUrl(this.url)}`;
  }
}
