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

/** An answer whose body brings the bytes of a version up to `end`, which is not among them, of `total`. */
interface Piece {
  readonly response: IncomingMessage;
  readonly end: number | undefined;
  readonly total: number | undefined;
}

/**
 * The body of an answer to its end. Where it breaks off, or ends before the length that was promised, the rest is asked
 * for if the server has said by what to name this version. A piece is what its place says, to the byte, or none of all
 * that came counts. Throws BrokenOff where it goes no further, JobError when the server is too slow.
 */
export async function* wholeBody(exchange: FeedExchange, first: IncomingMessage): Bytes {
  const length = lengthOf(first);
  let received = 0;
  let piece: Piece | undefined = { response: first, end: length, total: length };
  for (let left = exchange.patience.resumptions; piece !== undefined; left--) {
    const { response, end, total }: Piece = piece;
    let broken: unknown;
    try {
      for await (const chunk of chunksOf(exchange, response)) {
        received += chunk.length;
        if (end !== undefined && received > end) throw untrue(exchange, response);
        yield chunk;
      }
      if (end !== undefined && received < end) throw untrue(exchange, response);
      // A server may give less than it was asked for: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7-4
      if (total !== undefined && received < total) broken = new Error('the answer ended');
    } catch (error) {
      broken = error ?? new Error('it broke off');
    } finally {
      response.destroy();
    }
    piece = broken === undefined ? undefined : await restOf(exchange, first, { received, total }, broken, left > 0);
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** A server that is wrong about how much it sends may be wrong about what: of another version, or from another place. */
function untrue(exchange: FeedExchange, { headers }: IncomingMessage): BrokenOff {
  const said = headers['content-range'] ?? `${headers['content-length']} bytes`;
  return new BrokenOff(
    `fetching ${shownUrl(exchange.url)}: the server said "${said}" and sent another number of bytes`,
  );
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
): Promise<Piece> {
  if (broken instanceof JobError) throw broken;
  const { received, total } = progress;
  const place = total === undefined ? `${received} bytes` : `${received} of ${total} bytes`;
  const reason = `the download broke off after ${place} (${reasonOf(broken)})`;
  const version = rangeVersion(first.headers);
  if (mayGoOn && version !== undefined && received > 0) {
    exchange.tell(reason, { received });
    const response = await exchange.ask({ range: `bytes=${received}-`, 'if-range': version });
    const range = rangeOf(response);
    const isRest = response.statusCode === 206 && range !== undefined && goesOn(range, progress);
    if (isRest && isSameVersion(response, first, version))
      return { response, end: range.end, total: total ?? range.total };
    response.destroy();
  }
  throw new BrokenOff(`fetching ${shownUrl(exchange.url)}: ${reason}`, { received });
}

/** What a part says of its place. */
interface Range {
  readonly from: number;
  readonly end: number;
  readonly total: number | undefined;
}

/** `bytes 10000-19999/82897`, the length of the whole perhaps as `*`. */
function rangeOf({ headers }: IncomingMessage): Range | undefined {
  const [, from, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  if (from === undefined) return undefined;
  return { from: Number(from), end: Number(last) + 1, total: total === '*' ? undefined : Number(total) };
}

function goesOn(range: Range, { received, total }: Progress): boolean {
  if (range.from !== received || range.end <= range.from) return false;
  const whole = total ?? range.total;
  return whole === undefined || (range.end <= whole && (range.total ?? whole) === whole);
}

/**
 * Not every server and cache heeds If-Range, and two versions must not become one: an answer must name its version by
 * what it was asked by, and contradict the first one in nothing. A 206 to an If-Range may leave Last-Modified out, also
 * where its date was what If-Range held (https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7): from a server that
 * does so and has no ETag the download is begun anew.
 */
function isSameVersion({ headers }: IncomingMessage, first: IncomingMessage, version: string): boolean {
  if (headers.etag !== version && headers['last-modified'] !== version) return false;
  if (headers['content-encoding'] !== first.headers['content-encoding']) return false;
  return (['etag', 'last-modified'] as const).every((name) => {
    const [said, before] = [headers[name], first.headers[name]];
    return said === undefined || before === undefined || said === before;
  });
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
