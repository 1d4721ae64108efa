import { type ClientRequest, get as getHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { get as getHttps } from 'node:https';
import type { Validators } from '../messages/feed-state.ts';
import { JobError, reasonOf } from '../process/job-error.ts';

export type FeedAnswer =
  | { readonly kind: 'not modified' }
  | { readonly kind: 'content'; readonly body: AsyncIterable<Uint8Array>; readonly validators: Validators };

const mostRedirects = 5;
/** Milliseconds without a byte from the server. */
const silence = 60_000;

const ours: OutgoingHttpHeaders = { 'accept-encoding': 'gzip', 'user-agent': 'baton-feed-watcher' };

/** An address without what may be secret in it: user, password and query. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;

/**
 * Asks for a feed unless it still is the version that the validators name. Not `fetch`: that inflates by itself and
 * takes gzip that is cut off for whole. Throws JobError for every answer that is not a feed.
 */
export async function requestFeed(url: URL, known: Validators | undefined): Promise<FeedAnswer> {
  const conditions = conditionsFor(url, known);
  const response = await followed(url, { ...ours, ...conditions }, mostRedirects);
  const status = response.statusCode ?? 0;
  // A 304 that nobody asked for says nothing of the feed.
  if (status === 304 && Object.keys(conditions).length > 0) {
    response.resume();
    return { kind: 'not modified' };
  }
  const encoding = response.headers['content-encoding'] ?? 'identity';
  // A 206 or a 203 is not the feed as its publisher made it.
  if (status !== 200 || !/^(identity|gzip|x-gzip)$/i.test(encoding)) {
    response.destroy();
    if (status !== 200) throw new JobError(`fetching ${shownUrl(url)}: the server answered ${status}`, { status });
    throw new JobError(`fetching ${shownUrl(url)}: the content encoding "${encoding}" was not asked for`);
  }
  return { kind: 'content', body: wholeBody(url, response), validators: validatorsOf(url, response) };
}

/** None for an address of which nothing is known. */
function conditionsFor(url: URL, known: Validators | undefined): OutgoingHttpHeaders {
  if (known?.url !== url.href) return {};
  return {
    ...(known.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
  };
}

/**
 * Within the second that it names a feed may have changed again under the same date, so only an older one is kept:
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
 */
function validatorsOf(url: URL, { headers }: IncomingMessage): Validators {
  const { etag, date = '', 'last-modified': lastModified = '' } = headers;
  const isSettled = Date.parse(date) - Date.parse(lastModified) >= 1_000;
  return { url: url.href, ...(etag !== undefined && { etag }), ...(isSettled && { lastModified }) };
}

async function followed(url: URL, headers: OutgoingHttpHeaders, redirects: number): Promise<IncomingMessage> {
  const response = await answer(url, headers);
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
  response.destroy();
  if (redirects === 0) throw new JobError(`fetching ${shownUrl(url)}: more than ${mostRedirects} redirects`);
  if (!URL.canParse(location, url.href))
    throw new JobError(`fetching ${shownUrl(url)}: it redirects to what is not a URL`);
  const next = new URL(location, url);
  if (!/^https?:$/.test(next.protocol))
    throw new JobError(`fetching ${shownUrl(url)}: it redirects to ${next.protocol}, which is not HTTP`);
  return await followed(next, headers, redirects - 1);
}

function answer(url: URL, headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp;
    // No agent is kept: one job makes one request.
    const request: ClientRequest = get(url, { headers, agent: false }, resolve);
    request.setTimeout(silence, () => request.destroy(new Error(`nothing came for ${silence / 1000} s`)));
    request.on('error', (error) => reject(new JobError(`fetching ${shownUrl(url)}: ${reasonOf(error)}`)));
  });
}

/** Throws where the body ends before the length that was promised, or breaks off. */
async function* wholeBody(url: URL, response: IncomingMessage): AsyncGenerator<Uint8Array> {
  const promised = response.headers['content-length'];
  let received = 0;
  try {
    for await (const chunk of response) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    const length = promised === undefined ? `${received} bytes` : `${received} of ${promised} bytes`;
    throw new JobError(`fetching ${shownUrl(url)}: the download broke off after ${length} (${reasonOf(error)})`, {
      received,
    });
  }
}
