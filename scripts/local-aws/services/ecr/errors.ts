import { AwsError } from '../../wire/errors.ts';
import type { Repository } from './repository.ts';

export const repositoryNotFound = (name: string, registryId: string): AwsError =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );

export const imageNotFound = (image: string, { name, registryId }: Repository): AwsError =>
  new AwsError(
    'ImageNotFoundException',
    `The image with imageId {${image}} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  );

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter at ${message}`);
