import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Images, UnpackedImage, World } from '../../world.ts';
import { parseManifest } from './image-manifest.ts';
import { removeUnpacked, unpackImage } from './image-unpacking.ts';
import { existingImage, imageHandlers } from './images.ts';
import { createLayerStore } from './layer-store.ts';
import { layerHandlers } from './layers.ts';
import { createRepositories, type EcrHandlers, registryHost, repositoryHandlers } from './repositories.ts';
import { repositoryPolicyHandlers } from './repository-policies.ts';

const tokenLifetimeMs = 12 * 60 * 60 * 1000;

/** Amazon ECR: repositories, and images pushed layer by layer through its API. */
export function createEcr(world: World): { handlers: EcrHandlers; images: Images } {
  const directory = join(world.directory, 'ecr');
  const store = createLayerStore(directory);
  const repositories = createRepositories(world);
  const unpacked = new Map<string, Promise<UnpackedImage>>();

  const pull: Images['pull'] = async (image) => {
    const reference = referenceIn(world, image);
    if (reference === undefined) return undefined;
    const { digest, manifest } = existingImage(repositories.existing(reference.repository), reference);
    const folder = join(directory, 'images', digest.slice('sha256:'.length));
    const unpacking = unpacked.get(digest) ?? unpackImage(store, parseManifest(manifest), folder);
    unpacked.set(digest, unpacking);
    return unpacking;
  };

  world.tagged.push(() =>
    [...repositories.all.values()].map(({ arn, tags }) => ({
      arn,
      tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    })),
  );
  world.onStop.push(async () => {
    await Promise.allSettled(unpacked.values());
    for (const digest of unpacked.keys())
      await removeUnpacked(join(directory, 'images', digest.slice('sha256:'.length)));
    await rm(directory, { recursive: true, force: true });
  });
  return {
    images: { pull },
    handlers: {
      ...repositoryHandlers(world, repositories),
      ...repositoryPolicyHandlers(world, repositories),
      ...layerHandlers(world, repositories, store),
      ...imageHandlers(world, repositories),
      GetAuthorizationToken: () => ({
        authorizationData: [
          {
            authorizationToken: Buffer.from('AWS:embedded-registry').toString('base64'),
            expiresAt: new Date(world.clock.now() + tokenLifetimeMs),
            proxyEndpoint: `https://${registryHost(world)}`,
          },
        ],
      }),
    },
  };
}

interface ImageReference {
  readonly repository: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** `HOST/REPOSITORY:TAG` or `HOST/REPOSITORY@DIGEST`; `undefined` for the host of another registry. */
function referenceIn(world: World, image: string): ImageReference | undefined {
  const host = `${registryHost(world)}/`;
  if (!image.startsWith(host)) return undefined;
  const [name = '', imageDigest] = image.slice(host.length).split('@');
  const [repository = '', imageTag = 'latest'] = name.split(':');
  return imageDigest === undefined ? { repository, imageTag } : { repository, imageDigest };
}
