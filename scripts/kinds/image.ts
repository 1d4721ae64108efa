import {
  BatchDeleteImageCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  ListTagsForResourceCommand,
  paginateListImages,
} from '@aws-sdk/client-ecr';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import { ownerIn } from '../aws/ownership.ts';
import { tagsByName } from '../aws/tag-index.ts';
import { findContainerBuilder, type Registry } from '../build/container-builder.ts';
import { type ContainerSource, pushContainerImage } from '../build/container-image.ts';
import type { OneLayerImage } from '../build/job-image.ts';
import type { Listing, Observed, ResourceKind, ResourceRef, Step } from '../reconcile/kind.ts';
import { pushImage } from './image-push.ts';

export interface ImageSpec {
  /** `REPOSITORY:TAG`. The tag is the hash of what the image is made of: it is there or it is not. */
  readonly name: string;
}

interface LiveImage {
  readonly repository: string;
  readonly tag: string;
}

/** What builds an image, by the image's name. */
export type Images = ReadonlyMap<string, ImageSource>;

type ImageSource = ContainerSource & { layer(): Promise<OneLayerImage> };

const imageName = ({ repository, tag }: LiveImage): string => `${repository}:${tag}`;

function partsOf(name: string): LiveImage {
  const colon = name.lastIndexOf(':');
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** The image that a reference to a registry of ECR means: `HOST/REPOSITORY:TAG`. */
export function imageReference(reference: string): ResourceRef[] {
  const [, name] = /^\d{12}\.dkr\.ecr\.[^/]+\/(.+:[^/:]+)$/.exec(reference) ?? [];
  return name === undefined ? [] : [{ kind: 'image', name }];
}

async function ownerOfRepository(aws: Aws, repository: string): Promise<string | undefined> {
  const known = tagsByName(await aws.tagged(), { resourceType: 'ecr:repository', before: 'repository/' }).get(
    repository,
  );
  if (known !== undefined) return ownerIn(known);
  const { repositories } = await aws.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  const resourceArn = repositories?.[0]?.repositoryArn;
  return ownerIn((await aws.ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags);
}

async function tagsIn(aws: Aws, repositoryName: string): Promise<Set<string>> {
  const tags = new Set<string>();
  const pages = paginateListImages(
    { client: aws.ecr, pageSize: 1000 },
    { repositoryName, filter: { tagStatus: 'TAGGED' } },
  );
  for await (const page of pages) {
    aws.signal.throwIfAborted();
    for (const { imageTag } of page.imageIds ?? []) if (imageTag !== undefined) tags.add(imageTag);
  }
  return tags;
}

/** The named images of one repository. Owned by who owns the repository: images carry no tags of this sort. */
async function listIn(aws: Aws, repository: string, wanted: readonly LiveImage[]): Promise<Observed<LiveImage>[]> {
  const tags = await found(tagsIn(aws, repository));
  const live = wanted.filter(({ tag }) => tags?.has(tag));
  if (live.length === 0) return [];
  const owner = await ownerOfRepository(aws, repository);
  return live.map((image) => ({ name: imageName(image), live: image, owner }));
}

/** Images that are not named stay unseen: revisions of a definition, and jobs in a queue, may still start from them. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveImage>> {
  const wanted = names.map(partsOf);
  const repositories = [...new Set(wanted.map(({ repository }) => repository))];
  const all = await mapConcurrently(repositories, atOnce, (repository) =>
    listIn(
      aws,
      repository,
      wanted.filter((image) => image.repository === repository),
    ),
  );
  return { observed: all.flat() };
}

/** The registry of the account, with a password for the next twelve hours. */
async function registry(aws: Aws): Promise<Registry> {
  const { authorizationData } = await aws.ecr.send(new GetAuthorizationTokenCommand({}));
  const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
  const [, user, password] = /^([^:]+):(.+)$/s.exec(Buffer.from(authorizationToken, 'base64').toString()) ?? [];
  if (user === undefined || password === undefined || !URL.canParse(proxyEndpoint))
    throw new Error('asking ECR for a login: it answered without a password and the address it is for');
  const { host, protocol } = new URL(proxyEndpoint);
  return { host, plainHttp: protocol === 'http:', user, password };
}

/** A tag is a hash of the contents: whoever pushed it first pushed this image, and an immutable tag refuses the second. */
async function unlessThere(aws: Aws, name: string, { signal }: Step, push: Promise<void>): Promise<void> {
  try {
    await push;
  } catch (error) {
    const { repository, tag } = partsOf(name);
    if (signal.aborted || !(await tagsIn(aws, repository)).has(tag)) throw error;
  }
}

/** What is pushed, under which name, and what container builders are found and started with. */
interface ContainerImage {
  readonly image: ImageSource;
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
}

async function pushContainer(aws: Aws, { image, name, environment }: ContainerImage, step: Step): Promise<void> {
  const builder = await findContainerBuilder(environment, step.signal);
  const push = pushContainerImage(
    image,
    { builder, registry: await registry(aws), name, environment },
    { signal: step.signal, line: (text) => step.waiting(`${builder.program}: ${text}`) },
  );
  await unlessThere(aws, name, step, push);
}

/** The embedded registry takes an image as one layer, and needs no builder for that. */
async function pushLayer(aws: Aws, image: ImageSource, name: string): Promise<void> {
  const { repository, tag } = partsOf(name);
  await pushImage(aws, repository, tag, await image.layer());
}

/**
 * An image of a folder of this repository. A change has another tag, so an image is never updated. `environment` is what
 * container builders are found and started with.
 */
export const imageKind = (aws: Aws, images: Images, environment = process.env): ResourceKind<ImageSpec, LiveImage> => ({
  kind: 'image',
  immutable: [],
  references: ({ name }) => [{ kind: 'repository', name: partsOf(name).repository }],
  list: (names) => list(aws, names),
  toSpec: (live) => ({ name: imageName(live) }),
  create: async ({ name }, step) => {
    const image = images.get(name);
    if (image === undefined) throw new Error(`nothing here builds image "${name}"`);
    await (aws.embedded ? pushLayer(aws, image, name) : pushContainer(aws, { image, name, environment }, step));
  },
  update: async () => {},
  delete: async ({ repository, tag }) => {
    const imageIds = [{ imageTag: tag }];
    await found(aws.ecr.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds })));
  },
});
