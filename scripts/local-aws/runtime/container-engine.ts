import { execFile } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { type Container, type ContainerSpec, ContainerStartError, cannotPull } from './container.ts';
import { startProcessGroup } from './process-group.ts';

const run = promisify(execFile);

/** Programs that run foreign images, in order of preference. */
export const containerEngines: readonly string[] = ['docker', 'podman'];

/** The first engine whose server answers; `undefined` when none does. */
export async function findContainerEngine(engines: readonly string[]): Promise<string | undefined> {
  for (const engine of engines) if (await answers(engine)) return engine;
  return undefined;
}

async function answers(engine: string): Promise<boolean> {
  try {
    await run(engine, ['ps', '--quiet'], { timeout: 5_000, killSignal: 'SIGKILL' });
    return true;
  } catch (error) {
    // Not installed, or installed and no server behind it (exit code 1 and above): both mean that it cannot run anything.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** An image that is here already is not looked for anywhere else: it may have been built here. */
async function has(engine: string, image: string, signal: AbortSignal): Promise<boolean> {
  try {
    await run(engine, ['image', 'inspect', '--format', '{{.Id}}', image], { signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Throws ContainerStartError with what the engine said last. */
async function pull(engine: string, image: string, signal: AbortSignal): Promise<void> {
  try {
    if (!(await has(engine, image, signal))) await run(engine, ['pull', '--quiet', image], { signal });
  } catch (error) {
    if (signal.aborted) throw cannotPull(image, 'stopped');
    if (!(error instanceof Error && 'stderr' in error)) throw error;
    throw cannotPull(image, String(error.stderr).trim().split('\n').at(-1) ?? '');
  }
}

/** Exit code of `docker run` itself; anything else is the container's. */
const engineFailed = 125;

/**
 * Runs an image of another registry through an engine, on the host's network so that it reaches the embedded AWS. Throws
 * ContainerStartError.
 */
export async function startEngineContainer(engine: string, image: string, spec: ContainerSpec): Promise<Container> {
  await pull(engine, image, spec.signal);
  const last: string[] = [];
  const group = await startProcessGroup({
    program: engine,
    args: [
      ...['run', '--rm', '--name', spec.name, '--network', 'host', '--memory', `${spec.memoryMiB}m`],
      ...Object.entries(spec.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...[image, ...spec.command],
    ],
    workingDirectory: tmpdir(),
    environment: { ...onlyDefined(process.env), HOME: process.env['HOME'] ?? homedir() },
    onLines: (lines) => {
      last.splice(0, last.length, ...lines.slice(-1));
      spec.onLines(lines);
    },
  });
  const exited = group.exited.then((exitCode) =>
    exitCode === engineFailed ? { exitCode, reason: `CannotStartContainerError: ${last[0] ?? image}` } : { exitCode },
  );
  return { exited, kill: (signal) => killContainer(engine, spec.name, signal, group.kill) };
}

/** A killed client would leave the container behind, so the engine is asked to kill it; the client then ends by itself. */
function killContainer(
  engine: string,
  name: string,
  signal: 'SIGTERM' | 'SIGKILL',
  killClient: (signal: 'SIGKILL') => void,
): void {
  run(engine, ['kill', '--signal', signal, name]).then(
    () => undefined,
    () => killClient('SIGKILL'),
  );
}

const onlyDefined = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** What a job's reason says when its image is of no registry this machine can pull from. */
export const noContainerEngine = (image: string, engines: readonly string[]): ContainerStartError =>
  new ContainerStartError(
    `CannotPullContainerError: ${image} is not an image of the embedded registry, and no container engine answers here ` +
      `(tried ${engines.join(', ')}); start one, or push the image to the embedded registry`,
  );
