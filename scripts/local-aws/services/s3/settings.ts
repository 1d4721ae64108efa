import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import { type Bucket, bucketOf, type Store } from './bucket.ts';
import { checkPublicPolicy, parseBucketPolicy } from './bucket-policy.ts';
import { malformedXml } from './errors.ts';
import type { S3Handlers, S3Input } from './handlers.ts';

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

const sseS3: Encryption = {
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

function present<T>(value: T | undefined, code: string, message: string, bucket: Bucket): T {
  if (value === undefined) throw new AwsError(code, message, 404, { BucketName: bucket.name });
  return value;
}

/** The configurations of a bucket: put, get and delete of each, with each one's own error for its absence. */
export const settingHandlers = (store: Store): S3Handlers => ({
  ...accessHandlers(store),
  ...dataHandlers(store),
  ...policyHandlers(store),
  ...tagHandlers(store),
});

const accessHandlers = (store: Store): S3Handlers => ({
  PutPublicAccessBlock(input) {
    const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
      input.PublicAccessBlockConfiguration;
    bucketOf(store, input).settings.publicAccess = {
      BlockPublicAcls: BlockPublicAcls ?? false,
      IgnorePublicAcls: IgnorePublicAcls ?? false,
      BlockPublicPolicy: BlockPublicPolicy ?? false,
      RestrictPublicBuckets: RestrictPublicBuckets ?? false,
    };
    return {};
  },
  GetPublicAccessBlock(input) {
    const bucket = bucketOf(store, input);
    const message = 'The public access block configuration was not found';
    const code = 'NoSuchPublicAccessBlockConfiguration';
    return { PublicAccessBlockConfiguration: present(bucket.settings.publicAccess, code, message, bucket) };
  },
  DeletePublicAccessBlock(input) {
    bucketOf(store, input).settings.publicAccess = undefined;
    return {};
  },
  PutBucketOwnershipControls(input) {
    if (input.OwnershipControls.Rules?.length !== 1) throw malformedXml();
    bucketOf(store, input).settings.ownership = input.OwnershipControls;
    return {};
  },
  GetBucketOwnershipControls(input) {
    const bucket = bucketOf(store, input);
    const message = 'The bucket ownership controls were not found';
    return {
      OwnershipControls: present(bucket.settings.ownership, 'OwnershipControlsNotFoundError', message, bucket),
    };
  },
  DeleteBucketOwnershipControls(input) {
    bucketOf(store, input).settings.ownership = undefined;
    return {};
  },
});

const dataHandlers = (store: Store): S3Handlers => ({
  PutBucketEncryption(input) {
    const rules = input.ServerSideEncryptionConfiguration.Rules ?? [];
    if (rules.length !== 1) throw malformedXml();
    bucketOf(store, input).settings.encryption = {
      Rules: rules.map((rule) => ({ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false })),
    };
    return {};
  },
  GetBucketEncryption: (input) => ({ ServerSideEncryptionConfiguration: bucketOf(store, input).settings.encryption }),
  DeleteBucketEncryption(input) {
    bucketOf(store, input).settings.encryption = sseS3;
    return {};
  },
  PutBucketVersioning(input) {
    const { Status } = input.VersioningConfiguration;
    if (Status === undefined)
      throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
    bucketOf(store, input).settings.versioning = Status;
    return {};
  },
  GetBucketVersioning: (input) => ({ Status: bucketOf(store, input).settings.versioning }),
  PutBucketLifecycleConfiguration(input) {
    const rules = input.LifecycleConfiguration?.Rules ?? [];
    if (rules.length === 0 || rules.length > 1000) throw malformedXml();
    const settled = rules.map((rule) => ({ ...rule, ID: rule.ID ?? randomUUID() }));
    if (new Set(settled.map((rule) => rule.ID)).size < settled.length)
      throw new AwsError('InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
    const TransitionDefaultMinimumObjectSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
    bucketOf(store, input).settings.lifecycle = {
      LifecycleConfiguration: { Rules: settled },
      TransitionDefaultMinimumObjectSize,
    };
    return { TransitionDefaultMinimumObjectSize };
  },
  GetBucketLifecycleConfiguration(input) {
    const bucket = bucketOf(store, input);
    const message = 'The lifecycle configuration does not exist';
    const lifecycle = present(bucket.settings.lifecycle, 'NoSuchLifecycleConfiguration', message, bucket);
    return {
      Rules: lifecycle.LifecycleConfiguration?.Rules,
      TransitionDefaultMinimumObjectSize: lifecycle.TransitionDefaultMinimumObjectSize,
    };
  },
  DeleteBucketLifecycle(input) {
    bucketOf(store, input).settings.lifecycle = undefined;
    return {};
  },
});

const policyHandlers = (store: Store): S3Handlers => ({
  PutBucketPolicy(input) {
    const { settings } = bucketOf(store, input);
    const policy = parseBucketPolicy(input.Policy);
    if (settings.publicAccess?.BlockPublicPolicy) checkPublicPolicy(policy, input.Bucket, store.world);
    settings.policy = input.Policy;
    return {};
  },
  GetBucketPolicy(input) {
    const bucket = bucketOf(store, input);
    return {
      Policy: present(bucket.settings.policy, 'NoSuchBucketPolicy', 'The bucket policy does not exist', bucket),
    };
  },
  DeleteBucketPolicy(input) {
    bucketOf(store, input).settings.policy = undefined;
    return {};
  },
});

const tagHandlers = (store: Store): S3Handlers => ({
  PutBucketTagging(input) {
    bucketOf(store, input).settings.tags = tagsOf(input.Tagging.TagSet ?? []);
    return {};
  },
  GetBucketTagging(input) {
    const bucket = bucketOf(store, input);
    const tags = present(bucket.settings.tags, 'NoSuchTagSet', 'The TagSet does not exist', bucket);
    return { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  },
  DeleteBucketTagging(input) {
    bucketOf(store, input).settings.tags = undefined;
    return {};
  },
});
