import type { OutgoingHttpHeaders } from 'node:http';
import type { Validators } from '../../messages/feed-state.ts';
import { JobError } from '../../process/job-error.ts';
import { wholeBody } from './feed-body.ts';
import { type FeedExchange, shownUrl } from './feed-exchange.ts';
import { addressName, validatorsOf } from './feed-version.ts';

export type FeedAnswer =
  | { readonly kind: 'not modified' }
  | { readonly kind: 'content'; readonly body: AsyncIterable<Uint8Array>; readonly validators: Validators };

/**
 * Asks for a feed unless it still is the version that the validators name. Not `fetch`: that inflates by itself and
 * takes gzip that is cut off for whole. Throws JobError for every answer that is not a feed.
 */
export async function requestFeed(exchange: FeedExchange, known: Validators | undefined): Promise<FeedAnswer> {
  const { url } = exchange;
  const conditions = conditionsFor(url, known);
  const response = await exchange.ask(conditions);
  const status = response.statusCode ?? 0;
  // A 304 that nobody asked for says nothing of the feed.
  if (status === 304 && Object.keys(conditions).length > 0) {
    response.destroy();
    return { kind: 'not modified' };
  }
  const encoding = response.headers['content-encoding'] ?? '';
  // A 206 or a 203 is not the feed as its publisher made it.
  if (status !== 200 || !isReadable(encoding)) {
    response.destroy();
    if (status !== 200) throw new JobError(`fetching ${shownUrl(url)}: ${refusal(status)}`, { status });
    throw new JobError(
      `fetching ${shownUrl(url)}: the content encoding "${encoding}" was not asked for; the server must send gzip, or the feed as it is`,
    );
  }
  return { kind: 'content', body: wholeBody(exchange, response), validators: validatorsOf(url, response.headers) };
}

function refusal(status: number): string {
  const answered = `the server answered ${status}`;
  if (status === 401 || status === 403) return `${answered}; check what FEED_URL holds to be let in`;
  if (status === 404 || status === 410) return `${answered}: there is no feed at this address; check FEED_URL`;
  if (status === 304)
    return `${answered}, though it was not asked whether the feed has changed; ask those who run the server`;
  if (status >= 300 && status <= 399)
    return `${answered} and no other address; check FEED_URL, and ask those who run the server`;
  return `${answered}, and a feed comes with 200; see what "curl -i" gets from FEED_URL, and ask those who run the server`;
}

/** Some servers name none, or a character set. Whether it is gzip its first bytes tell. */
const isReadable = (encodings: string): boolean =>
  encodings.split(',').every((encoding) => /^\s*(identity|none|utf-?8|gzip|x-gzip)?\s*$/i.test(encoding));

/** None for an address of which nothing is known. */
function conditionsFor(url: URL, known: Validators | undefined): OutgoingHttpHeaders {
  if (known?.url !== addressName(url)) return {};
  return {
    ...(known.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
  };
}
