import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on 127.0.0.1 and nowhere else; 0 takes a free port. Gives `http://127.0.0.1:PORT`. */
export async function listening(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens, but on no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Closes a server with every connection that is still open. */
export async function closed(server: Server): Promise<void> {
  const close = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await close;
}
