import { once } from 'node:events';
import { mkdir, mkdtemp } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGate } from './authorization/gate.ts';
import { type Clock, realClock } from './runtime/clock.ts';
import { removeFolder } from './runtime/folder-removal.ts';
import { createServices } from './services.ts';
import type { Storm } from './weather/storm.ts';
import { calm, createWeather } from './weather/weather.ts';
import { type Around, delayed, type Observer, observed } from './wire/around.ts';
import { awsServer } from './wire/server.ts';
import { createWorld, type World } from './world.ts';

export interface LocalAwsOptions {
  /** Where services keep their files. Without one, a temporary folder that closing removes. */
  readonly directory?: string;
  /** Any free one when absent. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly account?: string;
  readonly region?: string;
  /**
   * Secrets that are there from the beginning: values by the ARN of a secret of Secrets Manager, or by the name or the ARN
   * of a parameter of SSM.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What makes AWS hard to work with, such as `stormy(7)`. Calm when absent: everything is so at once and everywhere. */
  readonly weather?: Storm;
  /** Milliseconds, by the clock, before each answer: those that the network takes to AWS. */
  readonly latency?: number;
  /** Told of every call that is well-formed once it is done or refused; the answer waits for it. */
  readonly onCall?: Observer;
}

export interface LocalAws extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for SDK clients and the aws CLI. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly world: World;
  /** Stops all processes and timers, ends connections, removes the temporary folder. */
  close(): Promise<void>;
}

/** The embedded AWS on 127.0.0.1, empty. Throws what listening throws: EADDRINUSE when the port is taken. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const { port = 0, clock = realClock(), account = '000000000000', region = 'us-east-1' } = options;
  const { directory, remove } = await folderFor(options.directory);
  let endpoint = '';
  const world = createWorld({ account, region, directory, clock, endpoint: () => endpoint });
  const weather = options.weather === undefined ? calm : createWeather(world, options.weather);
  const services = createServices(world, weather, options.secrets);
  const principalOf = (accessKeyId: string | undefined) => world.ports.identity.principalOf(accessKeyId);
  const authorize = createGate(world);
  const around = [...seams(options, clock), ...weather.around];
  const server = awsServer(services, { region, principalOf, authorize, around, routes: world.routes });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop(world, server).finally(remove);
    return closing;
  };
  try {
    endpoint = `http://127.0.0.1:${await listen(server, port)}`;
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, clock, world, close, [Symbol.asyncDispose]: close };
}

/** What measures or stops whoever calls sees the weather as they do, so it stands outside. */
function seams({ latency = 0, onCall }: LocalAwsOptions, clock: Clock): readonly Around[] {
  return [...(latency > 0 ? [delayed(clock, latency)] : []), ...(onCall === undefined ? [] : [observed(onCall)])];
}

async function folderFor(directory: string | undefined): Promise<{ directory: string; remove: () => Promise<void> }> {
  if (directory !== undefined) {
    await mkdir(directory, { recursive: true });
    return { directory, remove: async () => {} };
  }
  const temporary = await mkdtemp(join(tmpdir(), 'local-aws-'));
  return { directory: temporary, remove: () => removeFolder(temporary) };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`listening on port ${port}: no port was given`);
  return address.port;
}

/** Services stop first, while what they run can still be answered; every one is tried before the first failure is told. */
async function stop(world: World, server: Server): Promise<void> {
  const failures: unknown[] = [];
  for (const stopService of world.onStop.toReversed()) {
    try {
      await stopService();
    } catch (error) {
      failures.push(error);
    }
  }
  if (server.listening) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `stopping the embedded AWS: ${failures.length} services failed`);
}
