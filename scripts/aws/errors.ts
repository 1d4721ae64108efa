/**
 * The SDK's names for "there is no such thing". Services name it each in their own way; awsQuery services drop the
 * prefix `AWS.SimpleQueueService.` in newer clients only.
 */
const absent: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'NotFoundException',
  'NoSuchEntityException',
  'NoSuchEntity',
  'NoSuchBucket',
  'NotFound',
  'RepositoryNotFoundException',
  'ImageNotFoundException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
]);

const present: ReadonlySet<string> = new Set([
  'ResourceAlreadyExistsException',
  'EntityAlreadyExistsException',
  'BucketAlreadyOwnedByYou',
  'RepositoryAlreadyExistsException',
  'ImageAlreadyExistsException',
  'ImageTagAlreadyExistsException',
  'LayerAlreadyExistsException',
  'QueueNameExists',
]);

const isNamed = (error: unknown, names: ReadonlySet<string>): boolean =>
  error instanceof Error && names.has(error.name);

export const isNotFound = (error: unknown): boolean => isNamed(error, absent);

const isAlreadyThere = (error: unknown): boolean => isNamed(error, present);

/** An error of this name; `text` tells apart what AWS gives one name for many reasons. */
export const isError = (error: unknown, name: string, text = /(?:)/): error is Error =>
  error instanceof Error && error.name === name && text.test(error.message);

/** An error of the SDK, which carries how often it tried. Others are ours, or say that we were stopped. */
export const isRefusal = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

/** The answer, or `undefined` where AWS says that there is no such thing. */
export async function found<T>(request: Promise<T>, isAbsence = isNotFound): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** For creating: somebody was faster, and what they made is looked at by who comes after. */
export async function created<T>(request: Promise<T>, isPresence = isAlreadyThere): Promise<T | undefined> {
  return found(request, isPresence);
}
