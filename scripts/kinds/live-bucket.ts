import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  type ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import { found, isNotFound } from '../aws/errors.ts';
import { isProtectedBy, ownerIn } from '../aws/ownership.ts';
import type { Observed } from '../reconcile/kind.ts';

/** A bucket's settings; S3 has a request for each of them. */
export interface LiveBucket {
  readonly name: string;
  readonly protect: boolean;
  readonly versioning: string | undefined;
  readonly encryption: ServerSideEncryptionConfiguration | undefined;
  readonly publicAccess: PublicAccessBlockConfiguration | undefined;
  readonly policy: string | undefined;
  readonly lifecycle: readonly LifecycleRule[];
}

/** S3 answers "not set" with an error of its own for each setting. */
const unset: ReadonlySet<string> = new Set([
  'NoSuchTagSet',
  'NoSuchBucketPolicy',
  'NoSuchLifecycleConfiguration',
  'NoSuchPublicAccessBlockConfiguration',
  'ServerSideEncryptionConfigurationNotFoundError',
]);
const isUnset = (error: unknown): boolean => error instanceof Error && unset.has(error.name);

async function readTags(aws: Aws, Bucket: string) {
  const answer = await found(aws.s3.send(new GetBucketTaggingCommand({ Bucket })), isUnset);
  return answer?.TagSet ?? [];
}

async function readSettings(aws: Aws, Bucket: string): Promise<Omit<LiveBucket, 'protect'>> {
  const [versioning, encryption, publicAccess, policy, lifecycle] = await Promise.all([
    aws.s3.send(new GetBucketVersioningCommand({ Bucket })),
    found(aws.s3.send(new GetBucketEncryptionCommand({ Bucket })), isUnset),
    found(aws.s3.send(new GetPublicAccessBlockCommand({ Bucket })), isUnset),
    found(aws.s3.send(new GetBucketPolicyCommand({ Bucket })), isUnset),
    found(aws.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), isUnset),
  ]);
  return {
    name: Bucket,
    versioning: versioning.Status,
    encryption: encryption?.ServerSideEncryptionConfiguration,
    publicAccess: publicAccess?.PublicAccessBlockConfiguration,
    policy: policy?.Policy,
    lifecycle: lifecycle?.Rules ?? [],
  };
}

/** A bucket as it is, `undefined` when there is none of this name. */
export function readBucket(aws: Aws, name: string): Promise<Observed<LiveBucket> | undefined> {
  const read = async (): Promise<Observed<LiveBucket>> => {
    const tags = await readTags(aws, name);
    const live = { ...(await readSettings(aws, name)), protect: isProtectedBy(tags) };
    return { name, live, owner: ownerIn(tags) };
  };
  return found(read(), isNotFound);
}
