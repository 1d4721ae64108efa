import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildListener, runBuilder } from './builder-process.ts';
import type { ContainerBuilder, Registry } from './container-builder.ts';
import type { JobImage } from './job-image.ts';
import { credentialsIn } from './registry-credentials.ts';

/** What a container build needs of an image. */
export type ContainerSource = Pick<JobImage, 'dockerfile' | 'files' | 'platform'>;

interface ContainerBuild {
  readonly builder: ContainerBuilder;
  /** `REPOSITORY:TAG` */
  readonly name: string;
  /** What builders are started with; the registry's password never is in it. */
  readonly environment: NodeJS.ProcessEnv;
}

interface ContainerPush extends ContainerBuild {
  readonly registry: Registry;
}

/** Runs the work with a folder that is there while it lasts. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-image-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Builds an image and leaves it on this machine, under its name in the registry at `host`.
 * Throws with all that the builder printed when it fails, and the signal's reason when it is stopped.
 */
export const buildContainerImage = (
  source: ContainerSource,
  { builder, name, environment, host }: ContainerBuild & { readonly host: string },
  listener: BuildListener,
): Promise<void> =>
  inFolder(async (folder) => {
    const context = await writeContext(folder, source);
    const args = builder.build({ reference: `${host}/${name}`, platform: source.platform, context });
    await runBuilder({ program: builder.program, args, environment: oneImage(environment) }, listener);
  });

/**
 * Builds an image and pushes it. The password lives in a folder of this run, which is removed; base images are pulled
 * with the user's own credentials.
 * Throws with all that the builder printed when it fails, and the signal's reason when it is stopped.
 */
export const pushContainerImage = (
  source: ContainerSource,
  { builder, registry, name, environment }: ContainerPush,
  listener: BuildListener,
): Promise<void> =>
  inFolder(async (folder) => {
    const { program, buildAndPush } = builder;
    const build = {
      reference: `${registry.host}/${name}`,
      platform: source.platform,
      context: await writeContext(folder, source),
    };
    const run = (args: readonly string[], its: NodeJS.ProcessEnv, secret = ''): Promise<unknown> =>
      runBuilder({ program, args, environment: its, secret }, listener);
    const loggedIn = await credentialsIn(join(folder, 'credentials'), registry.host, environment, {
      // Pulling and pushing at once takes one file of credentials.
      withTheirs: buildAndPush !== undefined,
    });
    await run(builder.login(registry), loggedIn, registry.password);
    if (buildAndPush) {
      await run(buildAndPush(build), loggedIn);
    } else {
      // The build keeps the user's environment for its pulls.
      await run(builder.build(build), oneImage(environment));
      await run(builder.push(build.reference, registry), loggedIn);
    }
  });

/**
 * What has docker leave one image, which its daemon can push: BuildKit's attestations would make an index of it. A
 * variable, because dockers without BuildKit do not know its flags.
 */
const oneImage = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
});

/**
 * Exactly what the tag is the hash of: the Dockerfile, and the files that it may copy. An image keeps the modes of its
 * context, and whoever runs it is not who built it: so they are set, whatever this machine's umask makes of them.
 */
async function writeContext(folder: string, { dockerfile, files }: ContainerSource): Promise<string> {
  const context = join(folder, 'context');
  await makeReadable(context);
  const recipe = { content: new TextEncoder().encode(dockerfile), executable: false };
  for (const [name, { content, executable }] of [...files, ['Dockerfile', recipe] as const]) {
    const path = join(context, name);
    await makeReadable(dirname(path));
    await writeFile(path, content);
    await chmod(path, executable ? 0o755 : 0o644);
  }
  return context;
}

/** Makes a folder, and those above it that are not there yet, for everybody to read. */
async function makeReadable(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeReadable(dirname(folder));
  await mkdir(folder);
  await chmod(folder, 0o755);
}
