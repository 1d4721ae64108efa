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

/** What is built: `context` is a folder that holds a Dockerfile, `reference` the name that the image gets. */
interface Build {
  readonly reference: string;
  readonly platform: string;
  readonly context: string;
}

/** What a builder is asked to do, as its arguments. Credentials come and go through the environment that it is given. */
interface Dialect {
  /** Succeeds only where an engine answers: docker's client without its daemon builds nothing. */
  readonly probe: readonly string[];
  /** Leaves the image on this machine. */
  build(build: Build): readonly string[];
  /** The password comes on standard input. */
  login(registry: Registry): readonly string[];
  push(reference: string, registry: Registry): readonly string[];
  /** Builds and pushes at once. Only where what is pushed is more than an engine can keep: an image with attestations. */
  readonly buildAndPush?: (build: Build) => readonly string[];
}

/** podman and buildah would rather take a Containerfile; the file is named, so that all build the same. */
const building = ({ reference, platform, context }: Build, ...more: readonly string[]): string[] => [
  ...['build', '--platform', platform, '--tag', reference, '--file', `${context}/Dockerfile`, ...more],
  context,
];

const login = ({ user, host }: Registry): string[] => ['--username', user, '--password-stdin', host];

/** docker's daemon speaks plain HTTP to a loopback address without being told. */
const docker: Dialect = {
  probe: ['version', '--format', '{{.Server.Version}}'],
  build: (build) => building(build),
  login: (registry) => ['login', ...login(registry)],
  push: (reference) => ['push', reference],
};

const transport = ({ plainHttp }: Registry): string[] => (plainHttp ? ['--tls-verify=false'] : []);

const daemonless: Dialect = {
  probe: ['info'],
  build: (build) => building(build),
  login: (registry) => ['login', ...transport(registry), ...login(registry)],
  push: (reference, registry) => ['push', ...transport(registry), reference],
};

/**
 * GitHub's cache, where a job of Actions hands on the way to it: a `run` step sees these variables only when a step
 * before it exported them. One scope for each repository and platform, or the images would push each other out of it.
 */
function layerCache({ reference, platform }: Build, environment: NodeJS.ProcessEnv): string[] {
  if (!environment['ACTIONS_RUNTIME_TOKEN'] || !environment['ACTIONS_RESULTS_URL']) return [];
  const repository = /^[^/]+\/(.+):[^:]+$/.exec(reference)?.[1] ?? reference;
  const cache = `type=gha,scope=${repository}-${platform}`;
  return ['--cache-from', cache, '--cache-to', `${cache},mode=max,ignore-error=true`];
}

/**
 * docker with a BuildKit of its own beside the daemon, as setup-buildx-action makes it: it can take layers from a cache
 * and write down how an image was made, which a daemon by itself cannot.
 */
const buildKit = (environment: NodeJS.ProcessEnv): Dialect => ({
  ...docker,
  // The daemon takes an image only without attestations.
  build: (build) => ['buildx', ...building(build, ...layerCache(build, environment), '--provenance=false', '--load')],
  buildAndPush: (build) => [
    'buildx',
    ...building(build, ...layerCache(build, environment), '--provenance=mode=max', '--push'),
  ],
});

/** In the order in which they are tried. BUILDX_BUILDER is how a shell says that docker is to use that BuildKit. */
const dialectsIn = (environment: NodeJS.ProcessEnv): Readonly<Record<string, Dialect>> => ({
  docker: environment['BUILDX_BUILDER'] ? buildKit(environment) : docker,
  podman: daemonless,
  buildah: daemonless,
});

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
  for (const [program, dialect] of Object.entries(dialectsIn(environment))) {
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
