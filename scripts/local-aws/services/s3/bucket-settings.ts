import { AwsError } from '../../wire/errors.ts';
import type { S3Input } from './handlers.ts';

type PublicAccessBlock = NonNullable<S3Input<'PutPublicAccessBlock'>['PublicAccessBlockConfiguration']>;
type Encryption = NonNullable<S3Input<'PutBucketEncryption'>['ServerSideEncryptionConfiguration']>;
type Ownership = NonNullable<S3Input<'PutBucketOwnershipControls'>['OwnershipControls']>;
type Lifecycle = S3Input<'PutBucketLifecycleConfiguration'>;

/** `undefined` is absence, which each setting reports with an error code of its own. */
export interface BucketSettings {
  publicAccess: PublicAccessBlock | undefined;
  ownership: Ownership | undefined;
  encryption: Encryption;
  policy: string | undefined;
  lifecycle: Pick<Lifecycle, 'LifecycleConfiguration' | 'TransitionDefaultMinimumObjectSize'> | undefined;
  tags: ReadonlyMap<string, string> | undefined;
  versioning: 'Enabled' | 'Suspended' | undefined;
}

export const sseS3: Encryption = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

/**
 * What a new bucket has: SSE-S3 since January 2023, all public access blocked and ACLs off since April 2023.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
export const newBucketSettings = (tags: ReadonlyMap<string, string> | undefined): BucketSettings => ({
  publicAccess: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  ownership: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  encryption: sseS3,
  policy: undefined,
  lifecycle: undefined,
  tags,
  versioning: undefined,
});

/** @throws AwsError InvalidTag for a key given twice, AWS's own prefix, or more than 50 tags. */
export function tagsOf(
  tagSet: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): ReadonlyMap<string, string> {
  const tags = new Map(tagSet.map(({ Key = '', Value = '' }) => [Key, Value] as const));
  if (tags.size < tagSet.length) throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  if ([...tags.keys()].some((key) => key.toLowerCase().startsWith('aws:')))
    throw new AwsError('InvalidTag', 'System tags cannot be added/updated by requester');
  if ([...tags].some(([key, value]) => key.length === 0 || key.length > 128 || value.length > 256))
    throw new AwsError('InvalidTag', 'The TagKey or TagValue you have provided is invalid');
  if (tags.size > 50) throw new AwsError('BadRequest', 'Bucket tag count cannot be greater than 50');
  return tags;
}
