import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  type Repository,
} from '@aws-sdk/client-ecr';
import type { Aws } from '../aws/clients.ts';
import { created, found } from '../aws/errors.ts';
import { ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';

export interface RepositorySpec {
  readonly name: string;
  /** A tag is the hash of what the image is made of, so a tag that moves would be a lie. */
  readonly tags: 'IMMUTABLE' | 'MUTABLE';
  readonly scanOnPush: boolean;
}

const toSpec = (live: Repository): RepositorySpec => ({
  name: live.repositoryName ?? '',
  tags: live.imageTagMutability?.startsWith('IMMUTABLE') ? 'IMMUTABLE' : 'MUTABLE',
  scanOnPush: live.imageScanningConfiguration?.scanOnPush ?? false,
});

async function read(aws: Aws, name: string): Promise<Observed<Repository> | undefined> {
  const answer = await found(aws.ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })));
  const live = answer?.repositories?.[0];
  if (live === undefined) return undefined;
  const { tags } = await aws.ecr.send(new ListTagsForResourceCommand({ resourceArn: live.repositoryArn }));
  return { name, live, owner: ownerIn(tags) };
}

/** A repository of container images. Deleting it deletes its images. */
export const repositoryKind = (aws: Aws): ResourceKind<RepositorySpec, Repository> => ({
  kind: 'repository',
  immutable: [],
  references: () => [],
  list: (names) =>
    readOwned(aws, { resourceType: 'ecr:repository', before: 'repository/' }, names, (name) => read(aws, name)),
  toSpec,
  create: async ({ name, tags, scanOnPush }) => {
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
  },
  update: async (_live, { name, tags, scanOnPush }) => {
    await aws.ecr.send(new PutImageTagMutabilityCommand({ repositoryName: name, imageTagMutability: tags }));
    await aws.ecr.send(
      new PutImageScanningConfigurationCommand({ repositoryName: name, imageScanningConfiguration: { scanOnPush } }),
    );
  },
  delete: async ({ repositoryName }) => {
    await found(aws.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })));
  },
});
