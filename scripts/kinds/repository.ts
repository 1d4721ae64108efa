import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  paginateDescribeRepositories,
  type Repository,
} from '@aws-sdk/client-ecr';
import { inBulk } from '../aws/bulk.ts';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import type { Listing, Observed, ResourceKind, Value } from '../reconcile/kind.ts';
import { plain } from '../reconcile/value.ts';

export interface RepositorySpec {
  readonly name: string;
  /** A tag is the hash of what the image is made of, so a tag that moves would be a lie. */
  readonly tags: 'IMMUTABLE' | 'MUTABLE';
  readonly scanOnPush: boolean;
  /** The rules by which ECR deletes images, as `lifecyclePolicyText` has them; `null` when it keeps all. */
  readonly lifecycle: Value;
}

interface LiveRepository {
  readonly repository: Repository;
  readonly lifecycle: Value;
}

/**
 * The rules that keep the last images that were pushed, of whatever tag.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export const keepLast = (count: number): Value => ({
  rules: [
    {
      rulePriority: 1,
      description: `keep the last ${count} images that were pushed`,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: count },
      action: { type: 'expire' },
    },
  ],
});

const toSpec = ({ repository, lifecycle }: LiveRepository): RepositorySpec => ({
  name: repository.repositoryName ?? '',
  tags: repository.imageTagMutability?.startsWith('IMMUTABLE') ? 'IMMUTABLE' : 'MUTABLE',
  scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false,
  lifecycle,
});

const hasNoLifecycle = (error: unknown): boolean => isError(error, 'LifecyclePolicyNotFoundException');

async function readLifecycle(aws: Aws, repositoryName: string): Promise<Value> {
  const answer = await found(aws.ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), hasNoLifecycle);
  return answer?.lifecyclePolicyText === undefined ? null : plain(JSON.parse(answer.lifecyclePolicyText));
}

async function writeLifecycle(aws: Aws, { name: repositoryName, lifecycle }: RepositorySpec): Promise<void> {
  if (lifecycle === null)
    await found(aws.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName })), hasNoLifecycle);
  else {
    const lifecyclePolicyText = JSON.stringify(lifecycle);
    await aws.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  }
}

async function describe(aws: Aws, name: string): Promise<Repository | undefined> {
  const answer = await found(aws.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })));
  return answer?.repositories?.[0];
}

async function read(
  aws: Aws,
  name: string,
  listed: Repository | undefined,
  known: TagList | undefined,
): Promise<Observed<LiveRepository> | undefined> {
  const repository = listed ?? (await describe(aws, name));
  if (repository === undefined) return undefined;
  const { repositoryArn: resourceArn } = repository;
  const [tags, lifecycle] = await Promise.all([
    known === undefined ? found(aws.ecr.send(new ListTagsForResourceCommand({ resourceArn }))) : { tags: known },
    found(readLifecycle(aws, name)),
  ]);
  if (tags === undefined || lifecycle === undefined) return undefined;
  return { name, live: { repository, lifecycle }, owner: ownerIn(tags.tags) };
}

/** All repositories of the account's registry, a thousand a page. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveRepository>> {
  const { byName } = await inBulk(aws, {
    doing: 'listing repositories',
    pages: paginateDescribeRepositories({ client: aws.ecr, pageSize: 1000 }, {}),
    items: ({ repositories }) => repositories,
    nameOf: ({ repositoryName }) => repositoryName,
  });
  const repositories = { resourceType: 'ecr:repository', before: 'repository/' } as const;
  return readOwned(aws, repositories, names, (name, tags) => read(aws, name, byName.get(name), tags));
}

/** A repository of container images. Deleting it deletes its images. */
export const repositoryKind = (aws: Aws): ResourceKind<RepositorySpec, LiveRepository> => ({
  kind: 'repository',
  immutable: [],
  references: () => [],
  list: (names) => list(aws, names),
  toSpec,
  create: async (desired) => {
    const { name, tags, scanOnPush } = desired;
    await created(
      aws.ecr.send(
        new CreateRepositoryCommand({
          repositoryName: name,
          imageTagMutability: tags,
          imageScanningConfiguration: { scanOnPush },
          tags: ownerTagList(aws),
        }),
      ),
    );
    if (desired.lifecycle !== null) await writeLifecycle(aws, desired);
  },
  update: async (_live, desired) => {
    const { name, tags, scanOnPush } = desired;
    await aws.ecr.send(new PutImageTagMutabilityCommand({ repositoryName: name, imageTagMutability: tags }));
    await aws.ecr.send(
      new PutImageScanningConfigurationCommand({ repositoryName: name, imageScanningConfiguration: { scanOnPush } }),
    );
    await writeLifecycle(aws, desired);
  },
  delete: async ({ repository: { repositoryName } }) => {
    await found(aws.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })));
  },
  adopt: ({ repository: { repositoryArn = '' } }) => adopt(aws, repositoryArn),
});
