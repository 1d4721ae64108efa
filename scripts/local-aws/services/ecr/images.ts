import type { Image, ImageDetail, ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { imageNotFound } from './errors.ts';
import { digestOf, dockerManifest, parseManifest } from './image-manifest.ts';
import { page } from './paging.ts';
import type { Repositories } from './repositories.ts';
import type { EcrHandlers, Repository, StoredImage } from './repository.ts';

/** A manifest, under its digest or a tag, in the words of PutImage. */
interface PushedManifest {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string | undefined;
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

/** Keeps an image whose layers are all there. Throws what PutImage throws. */
export function putImage(world: World, repository: Repository, input: PushedManifest): StoredImage {
  const digest = digestOf(input.imageManifest);
  if (input.imageDigest !== undefined && input.imageDigest !== digest)
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The image digest '${input.imageDigest}' does not match that of the manifest, '${digest}'`,
    );
  const image = repository.images.get(digest) ?? newImage(world, repository, input, digest);
  checkTag(repository, image, input.imageTag);
  repository.images.set(digest, image);
  if (input.imageTag !== undefined) {
    for (const each of repository.images.values()) each.tags.delete(input.imageTag);
    image.tags.add(input.imageTag);
  }
  return image;
}

export function imageHandlers(world: World, repositories: Repositories): EcrHandlers {
  return {
    PutImage(input) {
      const repository = repositories.existing(input.repositoryName);
      const image = putImage(world, repository, input);
      return { image: imageOf(repository, image, { imageTag: input.imageTag }) };
    },

    BatchGetImage({ repositoryName, imageIds }) {
      const repository = repositories.existing(repositoryName);
      const images: Image[] = [];
      const failures: ImageFailure[] = [];
      for (const id of imageIds) {
        const found = findImage(repository, id);
        if (found === undefined) failures.push(notFound(id));
        else images.push(imageOf(repository, found, id));
      }
      return { images, failures };
    },

    BatchDeleteImage({ repositoryName, imageIds }) {
      const repository = repositories.existing(repositoryName);
      const deleted: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      for (const id of imageIds) {
        const found = findImage(repository, id);
        if (found === undefined) failures.push(notFound(id));
        else deleted.push(...deleteImage(repository, found, id));
      }
      return { imageIds: deleted, failures };
    },

    DescribeImages(input) {
      const repository = repositories.existing(input.repositoryName);
      const ids = input.imageIds ?? [];
      if (ids.length > 0) return { imageDetails: ids.map((id) => detailOf(repository, existingImage(repository, id))) };
      const shown = [...repository.images.values()].filter((image) => hasStatus(image, input.filter?.tagStatus));
      const { items, nextToken } = page(shown, input);
      return { imageDetails: items.map((image) => detailOf(repository, image)), nextToken };
    },

    ListImages(input) {
      const repository = repositories.existing(input.repositoryName);
      const shown = [...repository.images.values()].filter((image) => hasStatus(image, input.filter?.tagStatus));
      const { items, nextToken } = page(shown.flatMap(identifiersOf), input);
      return { imageIds: items, nextToken };
    },
  };
}

/** By digest, or else by tag. */
function findImage(repository: Repository, { imageDigest, imageTag }: ImageIdentifier): StoredImage | undefined {
  if (imageDigest !== undefined) return repository.images.get(imageDigest);
  return [...repository.images.values()].find((image) => imageTag !== undefined && image.tags.has(imageTag));
}

export function existingImage(repository: Repository, id: ImageIdentifier): StoredImage {
  const found = findImage(repository, id);
  if (found === undefined)
    throw imageNotFound(`imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'`, repository);
  return found;
}

function newImage(world: World, repository: Repository, input: PushedManifest, digest: string): StoredImage {
  const manifest = parseManifest(input.imageManifest);
  for (const { digest: part } of [manifest.config, ...manifest.layers])
    if (!repository.layers.has(part))
      throw new AwsError(
        'LayersNotFoundException',
        `Layers with digests '[${part}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${repository.registryId}' do not exist`,
      );
  return {
    digest,
    manifest: input.imageManifest,
    mediaType: input.imageManifestMediaType ?? manifest.mediaType ?? dockerManifest,
    tags: new Set(),
    pushedAt: new Date(world.clock.now()),
    sizeInBytes: manifest.layers.reduce((sum, layer) => sum + layer.size, manifest.config.size),
  };
}

function checkTag(repository: Repository, image: StoredImage, tag: string | undefined): void {
  const place = `in the repository with name '${repository.name}' in registry with id '${repository.registryId}'`;
  const holder = tag === undefined ? repository.images.get(image.digest) : findImage(repository, { imageTag: tag });
  if (holder === undefined) return;
  if (holder.digest === image.digest)
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${image.digest}' and tag '${tag ?? 'null'}' already exists ${place}`,
    );
  if (tag !== undefined && isImmutable(repository, tag))
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists ${place} and cannot be overwritten because the tag is immutable.`,
    );
}

/** Exclusion filters turn the repository's setting round for the tags that they match. */
function isImmutable({ mutability, exclusions = [] }: Repository, tag: string): boolean {
  const excluded = exclusions.some(({ filter = '' }) =>
    new RegExp(`^${filter.replace(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(tag),
  );
  return mutability.startsWith('IMMUTABLE') !== excluded;
}

/** A tag takes only itself away, and the image with it when it was the last; a digest takes the image and all its tags. */
function deleteImage(repository: Repository, image: StoredImage, id: ImageIdentifier): ImageIdentifier[] {
  const removed =
    id.imageDigest === undefined
      ? identifiersOf(image).filter((each) => each.imageTag === id.imageTag)
      : identifiersOf(image);
  for (const { imageTag } of removed) if (imageTag !== undefined) image.tags.delete(imageTag);
  if (image.tags.size === 0) repository.images.delete(image.digest);
  return removed;
}

const notFound = (imageId: ImageIdentifier): ImageFailure => ({
  imageId,
  failureCode: 'ImageNotFound',
  failureReason: 'Requested image not found',
});

const hasStatus = (image: StoredImage, status: string | undefined): boolean =>
  status === undefined || status === 'ANY' || (status === 'TAGGED') === image.tags.size > 0;

const identifiersOf = ({ digest, tags }: StoredImage): ImageIdentifier[] =>
  tags.size === 0 ? [{ imageDigest: digest }] : [...tags].map((imageTag) => ({ imageDigest: digest, imageTag }));

const imageOf = ({ name, registryId }: Repository, image: StoredImage, { imageTag }: ImageIdentifier): Image => ({
  registryId,
  repositoryName: name,
  imageId: { imageDigest: image.digest, imageTag },
  imageManifest: image.manifest,
  imageManifestMediaType: image.mediaType,
});

const detailOf = ({ name, registryId }: Repository, image: StoredImage): ImageDetail => ({
  registryId,
  repositoryName: name,
  imageDigest: image.digest,
  imageTags: image.tags.size === 0 ? undefined : [...image.tags],
  imageSizeInBytes: image.sizeInBytes,
  imagePushedAt: image.pushedAt,
  imageManifestMediaType: image.mediaType,
  artifactMediaType: 'application/vnd.docker.container.image.v1+json',
});
