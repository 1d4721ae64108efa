import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Duration, isKmsKey, shouldBe } from './fields.ts';

const prefix = z
  .string()
  .default('')
  .describe('Filter.Prefix: the objects whose keys begin with this; all without it.');

const Expiration = z.strictObject({
  prefix,
  after: Duration.optional().describe('Expiration.Days: objects older than this are deleted. Whole days.'),
  noncurrentAfter: Duration.optional().describe(
    'NoncurrentVersionExpiration.NoncurrentDays: versions are deleted so long after they were overwritten. Whole days.',
  ),
});

const Transition = z.strictObject({
  prefix,
  after: Duration.describe('Transitions.Days: objects older than this are moved. Whole days.'),
  storageClass: z
    .enum(['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'])
    .describe('Transitions.StorageClass: where they are moved to.'),
});

export const Bucket = z
  .strictObject({
    ...entryFields('prefix, entry, account and region'),
    versioning: z.boolean().default(false).describe('VersioningConfiguration.Status: keep what is overwritten.'),
    expire: z
      .array(Expiration, shouldBe('a list: [{ prefix: old/, after: 30d }]'))
      .default([])
      .describe('LifecycleConfiguration: what S3 deletes by itself.'),
    transition: z
      .array(Transition, shouldBe('a list: [{ after: 30d, storageClass: STANDARD_IA }]'))
      .default([])
      .describe('LifecycleConfiguration: what S3 moves to cheaper storage by itself.'),
    kmsKey: z
      .string()
      .refine(isKmsKey, 'must be the full ARN of a KMS key')
      .optional()
      .describe(
        "ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID: the key that objects are encrypted with, as an ARN. Without it, S3's own.",
      ),
  })
  .describe('An S3 bucket; private, encrypted, its name ends in account and region.');
