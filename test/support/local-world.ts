import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type DrivenClock, drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { awsServer } from '../../scripts/local-aws/wire/server.ts';
import { createWorld, type Ports, type World } from '../../scripts/local-aws/world.ts';
import { openAuthority } from './open-authority.ts';

/** A Monday, three hours after midnight. */
export const worldStart = Date.UTC(2026, 10, 23, 3);

export interface LocalWorld extends World {
  readonly clock: DrivenClock;
  /** Serves services by their signing names until the test ends, and returns what an SDK client needs to reach them. */
  serve(services: Parameters<typeof awsServer>[0]): Promise<ClientSettings>;
}

interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** A world with a driven clock in which only the given ports exist. It ends with the test. */
export function localWorld(test: TestContext, ports: Partial<Ports> = {}): LocalWorld {
  let endpoint = '';
  const clock = drivenClock(worldStart);
  const base = createWorld({
    account: '123456789012',
    region: 'eu-central-1',
    directory: '/nonexistent',
    clock,
    endpoint: () => endpoint,
  });
  const world: LocalWorld = {
    ...base,
    clock,
    ports: { ...base.ports, authority: openAuthority, ...ports },
    async serve(services) {
      const server = awsServer(services, { routes: world.routes });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      endpoint = `http://127.0.0.1:${portOf(server.address())}`;
      test.after(() => {
        server.closeAllConnections();
        server.close();
      });
      return {
        endpoint,
        region: world.region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      };
    },
  };
  test.after(async () => {
    for (const stop of world.onStop.reverse()) await stop();
  });
  return world;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error(`not listening on a port: ${address}`);
  return address.port;
}
