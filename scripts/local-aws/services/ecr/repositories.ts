import type { Repository as RepositoryDetail } from '@aws-sdk/client-ecr';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { invalidParameter, repositoryNotFound } from './errors.ts';
import { page } from './paging.ts';
import type { EcrHandlers, Repository } from './repository.ts';

export type Repositories = ReturnType<typeof createRepositories>;

/** docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const namePattern = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export function createRepositories(world: World) {
  const all = new Map<string, Repository>();
  return {
    all,
    existing(name: string): Repository {
      const found = all.get(name);
      if (found === undefined) throw repositoryNotFound(name, world.account);
      return found;
    },
    byArn(arn: string): Repository {
      const name = arn.slice(arn.indexOf(':repository/') + ':repository/'.length);
      const found = all.get(name);
      if (found?.arn !== arn) throw repositoryNotFound(name, world.account);
      return found;
    },
  };
}

export function repositoryHandlers(world: World, repositories: Repositories): EcrHandlers {
  return {
    CreateRepository(input) {
      const name = input.repositoryName;
      if (!namePattern.test(name))
        throw invalidParameter(
          `'repositoryName' failed to satisfy constraint: 'must satisfy regular expression ${namePattern.source}'`,
        );
      if (repositories.all.has(name))
        throw new AwsError(
          'RepositoryAlreadyExistsException',
          `The repository with name '${name}' already exists in the registry with id '${world.account}'`,
        );
      const { account, region, partition, clock } = world;
      const repository: Repository = {
        name,
        registryId: account,
        arn: `arn:${partition}:ecr:${region}:${account}:repository/${name}`,
        uri: `${registryHost(world)}/${name}`,
        createdAt: new Date(clock.now()),
        encryption: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
        mutability: input.imageTagMutability ?? 'MUTABLE',
        exclusions: input.imageTagMutabilityExclusionFilters,
        scanning: { scanOnPush: false, ...input.imageScanningConfiguration },
        tags: [...(input.tags ?? [])],
        images: new Map(),
        layers: new Map(),
      };
      repositories.all.set(name, repository);
      return { repository: repositoryDetail(repository) };
    },

    DescribeRepositories(input) {
      const names = input.repositoryNames ?? [];
      if (names.length > 0) return { repositories: names.map((name) => repositoryDetail(repositories.existing(name))) };
      const { items, nextToken } = page([...repositories.all.values()], input);
      return { repositories: items.map(repositoryDetail), nextToken };
    },

    DeleteRepository({ repositoryName, force }) {
      const repository = repositories.existing(repositoryName);
      if (repository.images.size > 0 && force !== true)
        throw new AwsError(
          'RepositoryNotEmptyException',
          `The repository with name '${repositoryName}' in registry with id '${world.account}' cannot be deleted because it still contains images`,
        );
      repositories.all.delete(repositoryName);
      return { repository: repositoryDetail(repository) };
    },

    PutImageScanningConfiguration({ repositoryName, imageScanningConfiguration }) {
      const repository = repositories.existing(repositoryName);
      repository.scanning = { scanOnPush: false, ...imageScanningConfiguration };
      return { registryId: world.account, repositoryName, imageScanningConfiguration: repository.scanning };
    },

    PutImageTagMutability({ repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters }) {
      const repository = repositories.existing(repositoryName);
      repository.mutability = imageTagMutability;
      repository.exclusions = imageTagMutabilityExclusionFilters;
      return { registryId: world.account, repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters };
    },

    TagResource({ resourceArn, tags }) {
      const repository = repositories.byArn(resourceArn);
      const kept = repository.tags.filter((tag) => !tags.some((each) => each.Key === tag.Key));
      repository.tags = [...kept, ...tags];
      return {};
    },
    UntagResource({ resourceArn, tagKeys }) {
      const repository = repositories.byArn(resourceArn);
      repository.tags = repository.tags.filter(({ Key = '' }) => !tagKeys.includes(Key));
      return {};
    },
    ListTagsForResource: ({ resourceArn }) => ({ tags: [...repositories.byArn(resourceArn).tags] }),
  };
}

/** The host in front of every image reference of this registry. */
export const registryHost = ({ account, region, partition }: World): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;

const repositoryDetail = (repository: Repository): RepositoryDetail => ({
  repositoryArn: repository.arn,
  registryId: repository.registryId,
  repositoryName: repository.name,
  repositoryUri: repository.uri,
  createdAt: repository.createdAt,
  imageTagMutability: repository.mutability,
  imageTagMutabilityExclusionFilters: repository.exclusions,
  imageScanningConfiguration: repository.scanning,
  encryptionConfiguration: repository.encryption,
});
