import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { runBuilder } from '../../scripts/build/builder-process.ts';
import { type ContainerBuilder, findContainerBuilder } from '../../scripts/build/container-builder.ts';
import { write } from '../build/tree.ts';

export const silent = { signal: new AbortController().signal, line: () => {} };

/** A machine that really builds images, with an image store of this test alone. */
export interface ContainerMachine {
  readonly builder: ContainerBuilder;
  readonly environment: NodeJS.ProcessEnv;
  /** The beginning of a name that no other image has. */
  readonly repository: string;
  /** Builds a folder with a Dockerfile on this machine; its base images are here already. */
  build(reference: string, context: string): Promise<void>;
  /** Has an image that was made in another way go with the test as well. */
  forget(reference: string): void;
}

/**
 * A store of this test alone, so that a base image made here is nobody else's, and what a container needs on a machine
 * that is a container itself.
 */
const configuration = (folder: string): Readonly<Record<string, string>> => ({
  'storage.conf': `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/graph"\n`,
  'containers.conf': [
    '[containers]',
    'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "none"',
    'lock_type = "file"',
    `tmp_dir = "${folder}/tmp"`,
    ...(isOnPath('runc') ? ['runtime = "runc"'] : []),
    '',
  ].join('\n'),
});

const isOnPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What this machine builds images with; a text says why it cannot. Everything made on it goes with the test. */
export async function containerMachine(t: TestContext): Promise<ContainerMachine | string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-containers-'));
  // podman cleans up behind a container that has ended, and may still be at it.
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  await write(folder, configuration(folder));
  const environment = {
    ...process.env,
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    BUILDAH_ISOLATION: 'chroot',
    // A BuildKit beside the daemon would not see base images that are made here.
    BUILDX_BUILDER: '',
  };
  const builder = await findContainerBuilder(environment, silent.signal).catch((error: Error) => error.message);
  if (typeof builder === 'string') return builder;
  const { program } = builder;
  if (program !== 'docker' && process.getuid?.() !== 0) return `building with ${program} here takes root`;
  const run = async (args: readonly string[]): Promise<void> =>
    void (await runBuilder({ program, args, environment }, silent));
  const made: string[] = [];
  // The store of a daemon is everybody's.
  t.after(async () => {
    if (program === 'docker' && made.length > 0) await run(['rmi', '--force', ...made]);
  });
  return {
    builder,
    environment,
    repository: `localhost/baton-test-${randomBytes(4).toString('hex')}`,
    forget: (reference) => void made.push(reference),
    build: async (reference, context) => {
      made.push(reference);
      await run(builder.build({ reference, platform: platformHere, context }));
    },
  };
}

/** What this machine runs without emulation. */
export const platformHere = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

/**
 * Starts a container with the network of this machine, where the embedded AWS listens. It has the image's entrypoint, user
 * and working directory; with buildah, which runs no images, one is made of it and given the entrypoint. Signals to the
 * process that is returned go on to the container's.
 */
export async function startContainerOf(
  t: TestContext,
  { builder: { program }, environment: env }: ContainerMachine,
  { reference, entrypoint }: { readonly reference: string; readonly entrypoint: readonly string[] },
  variables: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const given = Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  let args = ['run', '--rm', '--network', 'host', ...given, reference];
  if (program === 'buildah') {
    const made = await runBuilder({ program, args: ['from', '--pull-never', reference], environment: env }, silent);
    args = ['run', ...given, made.at(-1) ?? '', '--', ...entrypoint];
  }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGTERM'));
  return child;
}
