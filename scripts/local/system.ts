import { loadConfig } from '../config/load.ts';
import { type OpenEnvironment, openEnvironment } from '../control/environment.ts';
import type { Clock } from '../local-aws/runtime/clock.ts';
import { type LocalAws, startLocalAws } from '../local-aws/server.ts';
import { type LocalDestination, startDestination } from './destination.ts';
import { type FeedServer, startFeedServer } from './feed-server.ts';
import { type LocalSecret, localSecrets } from './secrets.ts';
import { cannotStart } from './start-error.ts';

export interface SystemOptions {
  readonly clock: Clock;
  /** The folder of the config. */
  readonly directory?: string;
  /** The port of the embedded AWS. With it, the pipeline's ends take the ports of local.yaml; 0, the default: all any free one. */
  readonly port?: number;
  /** Where the destination writes what it receives. */
  readonly output: string;
  /** A feed elsewhere; without it the feed's server here is watched. */
  readonly feedUrl?: string;
  readonly feedType?: string;
  readonly recordTag?: string;
}

/** The embedded AWS with the pipeline's two ends, and the local environment that is to be applied to it. */
export interface System extends AsyncDisposable {
  readonly aws: LocalAws;
  readonly feed: FeedServer;
  readonly destination: LocalDestination;
  readonly environment: OpenEnvironment;
  /** Values that the environment's variables have here instead of those in local.yaml. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly LocalSecret[];
}

/**
 * Starts everything, empty: nothing is applied yet. What was started is stopped again when a later part fails. Throws
 * StartError for a port or a folder that cannot be used.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const stops: (() => PromiseLike<void>)[] = [];
  const started = <Part extends AsyncDisposable>(part: Part): Part => {
    stops.unshift(() => part[Symbol.asyncDispose]());
    return part;
  };
  const stop = async (): Promise<void> => {
    for (const stopPart of stops.splice(0)) await stopPart();
  };
  try {
    const { clock, directory = 'config', port = 0, output } = options;
    const { site, environment: local, config } = loadConfig({ directory, environment: 'local' });
    const portOf = (variable: string): number =>
      port === 0 ? 0 : Number(new URL(local.variables[variable] ?? '').port);
    const { account, region } = site;
    const { told, values } = localSecrets(config, process.env);
    const aws = started(
      await startLocalAws({ clock, account, region, port, secrets: values }).catch(cannotStart('the embedded AWS')),
    );
    const feed = started(await startFeedServer(portOf('broadbeanFeedUrl')).catch(cannotStart('the feed’s server')));
    const destination = started(
      await startDestination({ directory: output, port: portOf('destinationUrl') }).catch(
        cannotStart('the destination'),
      ),
    );
    const given = {
      broadbeanFeedUrl: options.feedUrl ?? feed.url,
      destinationUrl: destination.url,
      ...(options.feedType !== undefined && { feedType: options.feedType }),
      ...(options.recordTag !== undefined && { recordTag: options.recordTag }),
    };
    const variables = Object.fromEntries(
      Object.entries(given).filter(([name, value]) => local.variables[name] !== value),
    );
    const { endpoint } = aws;
    const environment = await openEnvironment({ directory, environment: 'local', endpoint, variables });
    stops.unshift(async () => environment.close());
    return { aws, feed, destination, environment, variables, secrets: told, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
