import { runBuilder } from './builder-process.ts';

/** Where an image goes, and the credentials for it, as a registry hands them out. */
export interface Registry {
  /** `HOST[:PORT]`, as image references begin. */
  readonly host: string;
  /** A registry on this machine may speak plain HTTP. */
  readonly plainHttp: boolean;
  readonly user: string;
  readonly password: string;
}

/** What a builder is asked to do, as its arguments. Credentials come and go through the environment that it is given. */
interface Dialect {
  /** Succeeds only where an engine answers: docker's client without its daemon builds nothing. */
  readonly probe: readonly string[];
  /** `context` is a folder that holds a Dockerfile. */
  build(reference: string, platform: string, context: string): readonly string[];
  /** The password comes on standard input. */
  login(registry: Registry): readonly string[];
  push(reference: string, registry: Registry): readonly string[];
}

/** podman and buildah would rather take a Containerfile; the file is named, so that all build the same. */
const build: Dialect['build'] = (reference, platform, context) => [
  ...['build', '--platform', platform, '--tag', reference, '--file', `${context}/Dockerfile`],
  context,
];

const login = ({ user, host }: Registry): string[] => ['--username', user, '--password-stdin', host];

/** docker's daemon speaks plain HTTP to a loopback address without being told. */
const docker: Dialect = {
  probe: ['version', '--format', '{{.Server.Version}}'],
  build,
  login: (registry) => ['login', ...login(registry)],
  push: (reference) => ['push', reference],
};

const transport = ({ plainHttp }: Registry): string[] => (plainHttp ? ['--tls-verify=false'] : []);

const daemonless: Dialect = {
  probe: ['info'],
  build,
  login: (registry) => ['login', ...transport(registry), ...login(registry)],
  push: (reference, registry) => ['push', ...transport(registry), reference],
};

/** In the order in which they are tried. */
const dialects = { docker, podman: daemonless, buildah: daemonless } as const;

export interface ContainerBuilder extends Dialect {
  readonly program: string;
}

/** An engine that hangs is as good as none, in milliseconds. */
const patience = 20_000;

/**
 * The first of docker, podman and buildah whose engine answers.
 * Throws when none does, with the answer of each and what to install.
 */
export async function findContainerBuilder(
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ContainerBuilder> {
  const tried: string[] = [];
  for (const [program, dialect] of Object.entries(dialects)) {
    const obstacle = await obstacleOf(program, dialect, environment, signal);
    if (obstacle === undefined) return { program, ...dialect };
    tried.push(`${program} (${obstacle})`);
  }
  throw new Error(
    `looking for something that builds container images: tried ${tried.join(', ')}; ` +
      'install docker and start it, or podman, or buildah, and run this again',
  );
}

/** Why a builder cannot be used. */
async function obstacleOf(
  program: string,
  { probe }: Dialect,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(patience);
  try {
    await runBuilder(
      { program, args: probe, environment },
      { signal: AbortSignal.any([signal, timeout]), line: () => {} },
    );
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return `no answer within ${patience / 1000} s`;
    if (!(error instanceof Error)) throw error;
    if ('code' in error) return error.code === 'ENOENT' ? 'not installed' : error.message;
    return error.message.split('\n').at(-1);
  }
}
