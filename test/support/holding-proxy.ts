import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';

interface HoldingProxy {
  readonly endpoint: string;
  /** Resolves when the first request to the path is held. */
  readonly held: Promise<unknown>;
  /** Lets what is held go on, and holds nothing more. */
  release(): void;
}

/** Stands before the embedded AWS and holds requests to one path until it is told to let them go. */
export async function holdingProxy(t: TestContext, endpoint: string, path: string): Promise<HoldingProxy> {
  const waiting: (() => void)[] = [];
  let isHolding = true;
  let announce: (value?: unknown) => void = () => {};
  const held = new Promise((resolve) => {
    announce = resolve;
  });
  const server = createServer((message, reply) => {
    const pass = (): void => forward(endpoint, message, reply);
    if (!isHolding || message.url !== path) {
      pass();
      return;
    }
    waiting.push(pass);
    announce();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    held,
    release: () => {
      isHolding = false;
      for (const pass of waiting.splice(0)) pass();
    },
  };
}

/** Passes a request on, and its answer back. */
export function forward(endpoint: string, message: IncomingMessage, reply: ServerResponse): void {
  const { method, headers, url } = message;
  const onward = request(new URL(url ?? '/', endpoint), { method, headers, agent: false }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  });
  onward.on('error', () => reply.destroy());
  message.pipe(onward);
}
