import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import { type Bucket, bucketOf, type Store } from './bucket.ts';
import { checkPublicPolicy, parseBucketPolicy } from './bucket-policy.ts';
import { sseS3, tagsOf } from './bucket-settings.ts';
import { malformedXml } from './errors.ts';
import type { S3Handlers } from './handlers.ts';

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
