import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { closed, listening } from '../../scripts/local/loopback.ts';

/** One request as a server saw it, and how it is to be answered. */
type Mood = (response: ServerResponse, headers: IncomingHttpHeaders, path: string) => void;

/** A web server that answers request after request as it is told; the last way stays. */
export interface MoodyServer extends AsyncDisposable {
  readonly origin: string;
  readonly url: string;
  /** The headers of all requests since the moods were set, in order. */
  readonly asked: readonly IncomingHttpHeaders[];
  will(...moods: readonly Mood[]): void;
}

export async function startMoodyServer(): Promise<MoodyServer> {
  let moods: readonly Mood[] = [];
  let asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const mood = moods[Math.min(asked.length, moods.length - 1)];
    asked.push(request.headers);
    mood?.(response, request.headers, request.url ?? '');
  });
  const origin = await listening(server, 0);
  return {
    origin,
    url: `${origin}/feed`,
    get asked() {
      return asked;
    },
    will: (...next) => {
      moods = next;
      asked = [];
    },
    [Symbol.asyncDispose]: () => closed(server),
  };
}

type Headers = Readonly<Record<string, string | number>>;

export const answers =
  (status: number, headers: Headers = {}, body: string | Uint8Array = ''): Mood =>
  (response) =>
    response.writeHead(status, headers).end(body);

/** Sends the first bytes of a body, promises all of it unless it comes in chunks, and then cuts the connection. */
export const breaksAfter =
  (bytes: number, body: Uint8Array, headers: Headers = {}): Mood =>
  (response) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': body.length };
    response.writeHead(200, { ...length, ...headers });
    response.write(body.subarray(0, bytes), () => setImmediate(() => response.socket?.resetAndDestroy()));
  };

/** The part of a body that was asked for, the whole of it otherwise; `cut` breaks it off after so many bytes. */
export const servesRange =
  (body: Uint8Array, headers: Headers = {}, cut = body.length): Mood =>
  (response, { range = 'bytes=0-' }) => {
    const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
    const rest = body.subarray(from);
    const contentRange = `bytes ${from}-${body.length - 1}/${body.length}`;
    response.writeHead(206, { 'content-length': rest.length, 'content-range': contentRange, ...headers });
    if (cut >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, cut), () => setImmediate(() => response.socket?.resetAndDestroy()));
  };

/** The same, but never more than so many bytes in one answer, which is whole then. */
export const servesAtMost =
  (most: number, body: Uint8Array, headers: Headers = {}): Mood =>
  (response, { range = 'bytes=0-' }) => {
    const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
    const part = body.subarray(from, from + most);
    const contentRange = `bytes ${from}-${from + part.length - 1}/${body.length}`;
    response.writeHead(206, { 'content-length': part.length, 'content-range': contentRange, ...headers }).end(part);
  };

/** A byte at a time, for ever, as often as the connection takes it. */
export const drips =
  (every: number): Mood =>
  (response) => {
    response.writeHead(200).write('<s>');
    const timer = setInterval(() => response.write(' '), every);
    response.on('close', () => clearInterval(timer));
  };

/** Says that something comes and sends nothing. */
export const keepsSilent: Mood = (response) => response.writeHead(200).flushHeaders();
