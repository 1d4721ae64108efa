import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Lets a server listen on a free port of 127.0.0.1 until the end of the block: `await using`. */
export async function listening(server: Server): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

export const clientConfig = (endpoint = '') => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
});

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * A value as any protocol can carry it: streams read, bytes as base64, without what is absent or empty (a form or a header
 * cannot tell an empty list from none).
 */
export async function carried(value: unknown): Promise<unknown> {
  if (value instanceof Readable) return carried(new Uint8Array(await buffer(value)));
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return carriedItems(value);
  if (!isPlain(value)) return value ?? undefined;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, one]) => [key, await carried(one)] as const),
  );
  const present = entries.filter(([, one]) => one !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

async function carriedItems(items: readonly unknown[]): Promise<unknown> {
  const present = (await Promise.all(items.map(carried))).filter((item) => item !== undefined);
  return present.length === 0 ? undefined : present;
}
