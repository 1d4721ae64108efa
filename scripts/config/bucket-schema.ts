import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Duration, shouldBe } from './fields.ts';

const Expiration = z.strictObject({
  prefix: z.string().default('').describe('Filter.Prefix: the objects whose keys begin with this; all without it.'),
  after: Duration.describe('Expiration.Days: objects older than this are deleted. Whole days.'),
});

export const Bucket = z
  .strictObject({
    ...entryFields('prefix, entry, account and region'),
    versioning: z.boolean().default(false).describe('VersioningConfiguration.Status: keep what is overwritten.'),
    expire: z
      .array(Expiration, shouldBe('a list: [{ prefix: old/, after: 30d }]'))
      .default([])
      .describe('LifecycleConfiguration: what S3 deletes by itself.'),
  })
  .describe('An S3 bucket; private, encrypted, its name ends in account and region.');
