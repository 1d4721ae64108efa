import { createServer } from 'node:https';
import { closed, listening } from '../../scripts/local/loopback.ts';
import type { Certificate } from './certificate.ts';
import { forward } from './holding-proxy.ts';

/** An https server that shows a certificate and passes on what it is asked to an http server. */
export interface HttpsFront extends AsyncDisposable {
  readonly origin: string;
  /** The same place of the server behind it, on this one. */
  before(url: string): string;
}

export async function startHttpsFront({ cert, key }: Certificate, behind: string): Promise<HttpsFront> {
  const server = createServer({ cert, key }, (message, reply) => forward(behind, message, reply));
  const origin = (await listening(server, 0)).replace('http:', 'https:');
  return {
    origin,
    before: (url) => new URL(new URL(url).pathname, origin).href,
    [Symbol.asyncDispose]: () => closed(server),
  };
}
