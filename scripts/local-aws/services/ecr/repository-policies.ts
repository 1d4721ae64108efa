import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { invalidParameter } from './errors.ts';
import type { Repositories } from './repositories.ts';
import type { EcrHandlers, Repository } from './repository.ts';

/** Lifecycle policies and permission policies of repositories: kept and shown, as text. */
export function repositoryPolicyHandlers(world: World, repositories: Repositories): EcrHandlers {
  const lifecycleAnswer = (repository: Repository) => ({
    registryId: world.account,
    repositoryName: repository.name,
    lifecyclePolicyText: required(
      repository.lifecyclePolicy,
      'LifecyclePolicyNotFoundException',
      'Lifecycle policy',
      repository,
    ),
  });
  const policyAnswer = (repository: Repository) => ({
    registryId: world.account,
    repositoryName: repository.name,
    policyText: required(repository.policy, 'RepositoryPolicyNotFoundException', 'Repository policy', repository),
  });
  return {
    PutLifecyclePolicy({ repositoryName, lifecyclePolicyText }) {
      const repository = repositories.existing(repositoryName);
      repository.lifecyclePolicy = json(lifecyclePolicyText, 'LifecyclePolicyText');
      return lifecycleAnswer(repository);
    },
    GetLifecyclePolicy: ({ repositoryName }) => lifecycleAnswer(repositories.existing(repositoryName)),
    DeleteLifecyclePolicy({ repositoryName }) {
      const repository = repositories.existing(repositoryName);
      const answer = lifecycleAnswer(repository);
      delete repository.lifecyclePolicy;
      return answer;
    },

    SetRepositoryPolicy({ repositoryName, policyText }) {
      const repository = repositories.existing(repositoryName);
      repository.policy = json(policyText, 'PolicyText');
      return policyAnswer(repository);
    },
    GetRepositoryPolicy: ({ repositoryName }) => policyAnswer(repositories.existing(repositoryName)),
    DeleteRepositoryPolicy({ repositoryName }) {
      const repository = repositories.existing(repositoryName);
      const answer = policyAnswer(repository);
      delete repository.policy;
      return answer;
    },
  };
}

function required(text: string | undefined, code: string, what: string, { name, registryId }: Repository): string {
  if (text === undefined)
    throw new AwsError(
      code,
      `${what} does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
    );
  return text;
}

function json(text: string, field: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw invalidParameter(
      `'${field}' failed to satisfy constraint: '${error instanceof Error ? error.message : error}'`,
    );
  }
}
