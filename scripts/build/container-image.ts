import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildListener, runBuilder } from './builder-process.ts';
import type { ContainerBuilder, Registry } from './container-builder.ts';
import type { JobImage } from './job-image.ts';
import { credentialsIn } from './registry-credentials.ts';

/** What a container build needs of an image. */
export type ContainerSource = Pick<JobImage, 'dockerfile' | 'files' | 'platform'>;

export interface ContainerPush {
  readonly builder: ContainerBuilder;
  readonly registry: Registry;
  /** `REPOSITORY:TAG` */
  readonly name: string;
  /** What builders are started with; the registry's password never is in it. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Builds an image and pushes it. The password lives in a folder of this run, which is removed; base images are pulled
 * with the user's own credentials, for which the build keeps the user's environment.
 * Throws with all that the builder printed when it fails, and the signal's reason when it is stopped.
 */
export async function pushContainerImage(
  source: ContainerSource,
  { builder, registry, name, environment }: ContainerPush,
  listener: BuildListener,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-image-'));
  const [context, credentials] = [join(folder, 'context'), join(folder, 'credentials')];
  const reference = `${registry.host}/${name}`;
  const { program } = builder;
  try {
    await writeContext(context, source);
    await mkdir(credentials);
    const loggedIn = await credentialsIn(credentials, registry.host, environment);
    await runBuilder(
      { program, args: builder.login(registry), environment: loggedIn, secret: registry.password },
      listener,
    );
    await runBuilder(
      { program, args: builder.build(reference, source.platform, context), environment: oneImage(environment) },
      listener,
    );
    await runBuilder({ program, args: builder.push(reference, registry), environment: loggedIn }, listener);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What has docker leave one image, which its daemon can push. BuildKit's attestations would make an index of it, and a
 * builder beside the daemon would keep it to itself. Variables, because dockers without BuildKit do not know its flags.
 */
const oneImage = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  BUILDX_BUILDER: undefined,
});

/** Exactly what the tag is the hash of: the Dockerfile, and the files that it may copy. */
async function writeContext(folder: string, { dockerfile, files }: ContainerSource): Promise<void> {
  await mkdir(folder);
  for (const [name, { content, executable }] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: executable ? 0o755 : 0o644 });
  }
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
}
