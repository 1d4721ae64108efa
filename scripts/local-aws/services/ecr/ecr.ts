import { join } from 'node:path';
import { removeFolder } from '../../runtime/folder-removal.ts';
import type { Caller, Images, UnpackedImage, World } from '../../world.ts';
import { parseManifest } from './image-manifest.ts';
import { unpackImage } from './image-unpacking.ts';
import { existingImage, imageHandlers } from './images.ts';
import { createLayerStore } from './layer-store.ts';
import { layerHandlers } from './layers.ts';
import { registryApi } from './registry-api.ts';
import { RegistryLogins } from './registry-logins.ts';
import { createRepositories, registryHost, repositoryHandlers } from './repositories.ts';
import type { EcrHandlers } from './repository.ts';
import { repositoryPolicyHandlers } from './repository-policies.ts';

/** Amazon ECR: repositories, and images pushed layer by layer through its API. */
export function createEcr(world: World): { handlers: EcrHandlers; images: Images } {
  const directory = join(world.directory, 'ecr');
  const store = createLayerStore(directory);
  const repositories = createRepositories(world);
  const unpacked = new Map<string, Promise<UnpackedImage>>();
  const logins = new RegistryLogins(world);
  world.resourcePolicies.set('ecr', (arn) => [...repositories.all.values()].find((each) => each.arn === arn)?.policy);

  const pull: Images['pull'] = async (image, puller) => {
    const reference = referenceIn(world, image);
    if (reference === undefined) return undefined;
    if (puller !== undefined) requirePull(world, puller, reference.repository);
    const { digest, manifest } = existingImage(repositories.existing(reference.repository), reference);
    const folder = join(directory, 'images', digest.slice('sha256:'.length));
    const unpacking = unpacked.get(digest) ?? unpackImage(store, parseManifest(manifest), folder);
    unpacked.set(digest, unpacking);
    return unpacking;
  };

  world.routes.set('/v2/', registryApi(world, repositories, store, logins));
  world.tagged.push(() =>
    [...repositories.all.values()].map((repository) => ({
      arn: repository.arn,
      tags: Object.fromEntries(repository.tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      retag: (tags) => {
        repository.tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      },
    })),
  );
  world.onStop.push(async () => {
    await Promise.allSettled(unpacked.values());
    await removeFolder(directory);
  });
  return {
    images: { pull },
    handlers: {
      ...repositoryHandlers(world, repositories),
      ...repositoryPolicyHandlers(world, repositories),
      ...layerHandlers(world, repositories, store),
      ...imageHandlers(world, repositories),
      GetAuthorizationToken(_input, { principal }) {
        const { token: authorizationToken, expiresAt } = logins.issue(principal);
        // Where this registry answers. That of AWS answers at its own host, which ends at AWS.
        return { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: world.endpoint() }] };
      },
    },
  };
}

/** Docker's pull reads the manifest and fetches the layers. */
function requirePull({ partition, region, account, ports }: World, puller: Caller, repository: string): void {
  const arn = `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
  for (const action of ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'])
    ports.authority.require(puller, action, arn);
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
