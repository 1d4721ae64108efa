import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reportMistake } from './failure.ts';
import type { WireResponse } from './model.ts';
import type { WireRequest } from './request.ts';

const isBodiless = (method: string, status: number): boolean => method === 'HEAD' || status === 204 || status === 304;

/** Frees what a body that nobody will read holds on to. */
export function discard({ body }: WireResponse): void {
  if (body instanceof Readable) body.destroy();
}

/**
 * Sends an answer. A stream that fails on the way breaks the connection: nothing else tells a client that the object it
 * is reading is not whole.
 */
export async function send(request: WireRequest, response: WireResponse, reply: ServerResponse): Promise<void> {
  try {
    await write(request, response, reply);
  } catch (error) {
    if (!hasLeft(error)) reportMistake(`sending the answer to ${request.method} ${request.path}`, error);
    discard(response);
    reply.destroy();
  }
}

const hasLeft = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

async function write(request: WireRequest, response: WireResponse, reply: ServerResponse): Promise<void> {
  const { status, body } = response;
  const headers = Object.fromEntries(response.headers);
  if (isBodiless(request.method, status)) {
    discard(response);
    reply.writeHead(status, headers).end();
  } else if (body instanceof Readable) {
    reply.writeHead(status, headers);
    await pipeline(body, reply);
  } else {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    reply.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
  }
}
