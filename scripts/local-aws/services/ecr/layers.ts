import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { LayerStore } from './layer-store.ts';
import type { Repositories } from './repositories.ts';
import type { EcrHandlers, Repository } from './repository.ts';

/** What ECR asks clients to send at once; a part may not be larger. */
const partSize = 20 * 1024 * 1024;
const layerMediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const downloads = '/_local/layers/';

export const uploadNotFound = (uploadId: string): AwsError =>
  new AwsError('UploadNotFoundException', `The upload with id '${uploadId}' does not exist`);

export const layerNotFound = (world: World, { name }: Repository, digest: string): AwsError =>
  new AwsError(
    'LayersNotFoundException',
    `The layer with digest '${digest}' does not exist in the repository with name '${name}' in the registry with id '${world.account}'`,
  );

/** Keeps what was uploaded under the digest that it is said to have. Throws what CompleteLayerUpload throws. */
export async function completeUpload(
  world: World,
  repository: Repository,
  store: LayerStore,
  uploadId: string,
  wanted: string,
): Promise<void> {
  const size = store.received(uploadId);
  if (size === undefined) throw uploadNotFound(uploadId);
  if (size === 0) throw new AwsError('EmptyUploadException', `The upload with id '${uploadId}' holds no bytes`);
  const digest = await store.digest(uploadId);
  if (wanted !== digest)
    throw new AwsError(
      'InvalidLayerException',
      `Layer digest mismatch: expected '${wanted}', the upload has '${digest}'`,
    );
  if (repository.layers.has(digest))
    throw new AwsError(
      'LayerAlreadyExistsException',
      `Layer with digest '${digest}' already exists in the repository with name '${repository.name}' in registry with id '${world.account}'`,
    );
  await store.keep(uploadId, digest);
  repository.layers.set(digest, { size });
}

export function layerHandlers(world: World, repositories: Repositories, store: LayerStore): EcrHandlers {
  world.routes.set(downloads, (request, response) => {
    const digest = `sha256:${request.url?.slice(downloads.length) ?? ''}`;
    const known = [...repositories.all.values()].some(({ layers }) => layers.has(digest));
    if (!known) response.writeHead(404).end();
    // Whichever side fails, the connection breaks: nothing else tells the client that it has not got the whole layer.
    else pipeline(createReadStream(store.path(digest)), response, () => undefined);
  });
  return {
    async InitiateLayerUpload({ repositoryName }) {
      repositories.existing(repositoryName);
      return { uploadId: await store.begin(), partSize };
    },

    async UploadLayerPart({ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob }) {
      repositories.existing(repositoryName);
      const received = store.received(uploadId);
      if (received === undefined) throw uploadNotFound(uploadId);
      if (
        partFirstByte !== received ||
        partLastByte - partFirstByte + 1 !== layerPartBlob.length ||
        layerPartBlob.length > partSize
      )
        throw new AwsError(
          'InvalidLayerPartException',
          `The layer part size is not valid, or the first byte specified is not consecutive to the last byte of a previous layer part upload: received ${received} bytes before bytes ${partFirstByte} to ${partLastByte}`,
          400,
          { registryId: world.account, repositoryName, uploadId, lastValidByteReceived: received - 1 },
        );
      await store.append(uploadId, layerPartBlob);
      return { registryId: world.account, repositoryName, uploadId, lastByteReceived: partLastByte };
    },

    async CompleteLayerUpload({ repositoryName, uploadId, layerDigests }) {
      const repository = repositories.existing(repositoryName);
      const [layerDigest = ''] = layerDigests;
      await completeUpload(world, repository, store, uploadId, layerDigest);
      return { registryId: world.account, repositoryName, uploadId, layerDigest };
    },

    BatchCheckLayerAvailability({ repositoryName, layerDigests }) {
      const { layers } = repositories.existing(repositoryName);
      return {
        layers: layerDigests.map((layerDigest) => {
          const layer = layers.get(layerDigest);
          return layer === undefined
            ? { layerDigest, layerAvailability: 'UNAVAILABLE' as const }
            : {
                layerDigest,
                layerAvailability: 'AVAILABLE' as const,
                layerSize: layer.size,
                mediaType: layerMediaType,
              };
        }),
        failures: [],
      };
    },

    GetDownloadUrlForLayer({ repositoryName, layerDigest }) {
      const repository = repositories.existing(repositoryName);
      if (!repository.layers.has(layerDigest)) throw layerNotFound(world, repository, layerDigest);
      return { downloadUrl: `${world.endpoint()}${downloads}${layerDigest.slice('sha256:'.length)}`, layerDigest };
    },
  };
}
