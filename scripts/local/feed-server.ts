import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { closed, listening } from './loopback.ts';

/** A web server with one feed at one address, as publishers run them: with entity tags, dates and conditional GET. */
export interface FeedServer extends AsyncDisposable {
  readonly url: string;
  /** Makes a file, or these bytes, the version that is served from now on. Gzip is served as the file that it is. */
  serve(version: string | Uint8Array): void;
}

interface Version {
  readonly etag: string;
  readonly modified: Date;
  readonly bytes: number;
  open(): Readable;
}

/** Starts the server on 127.0.0.1, on a free port unless one is given. It answers 404 before there is a version. */
export async function startFeedServer(port = 0): Promise<FeedServer> {
  let current: Version | undefined;
  const server = createServer((request, response) => answer(request, response, current));
  return {
    url: `${await listening(server, port)}/feed.xml`,
    serve: (version) => {
      current = typeof version === 'string' ? fileVersion(version) : bytesVersion(version);
    },
    [Symbol.asyncDispose]: () => closed(server),
  };
}

function fileVersion(path: string): Version {
  const { size, mtime, mtimeMs } = statSync(path);
  const etag = createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('hex').slice(0, 16);
  return { etag: `"${etag}"`, modified: mtime, bytes: size, open: () => createReadStream(path) };
}

function bytesVersion(bytes: Uint8Array): Version {
  const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { etag: `"${etag}"`, modified: new Date(), bytes: bytes.length, open: () => Readable.from([bytes]) };
}

function answer(request: IncomingMessage, response: ServerResponse, version: Version | undefined): void {
  if (version === undefined || request.url !== '/feed.xml') return void response.writeHead(404).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const headers = { etag: version.etag, 'last-modified': version.modified.toUTCString() };
  if (isKnown(request, version)) return void response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'content-type': 'application/xml', 'content-length': version.bytes });
  if (request.method === 'HEAD') return void response.end();
  pipeline(version.open(), response, (error) => {
    // The client went away or the file did; either way its connection must not look complete.
    if (error) response.destroy();
  });
}

/** The entity tag decides where there is one; dates know only seconds: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2 */
function isKnown({ headers }: IncomingMessage, { etag, modified }: Version): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim() === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1_000) * 1_000 <= since;
}
