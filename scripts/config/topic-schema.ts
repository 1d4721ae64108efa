import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { AwsFields, Emails, isKmsKey } from './fields.ts';
import { Submission } from './submission-schema.ts';

export const Topic = z
  .strictObject({
    ...entryFields('prefix and entry'),
    submit: Submission.extend({
      messageVariable: z.string().describe('The environment variable of the job that receives the message.'),
    })
      .optional()
      .describe('The job to submit for each message. Without it the topic is only made.'),
    filter: AwsFields.optional().describe(
      'Only messages that fit this FilterPolicy of SNS submit a job, such as { store: [berlin] }.',
    ),
    filterScope: z
      .enum(['MessageAttributes', 'MessageBody'])
      .optional()
      .describe('What of a message the filter looks at, FilterPolicyScope in SNS. Without it, MessageAttributes.'),
    emails: Emails.optional().describe(
      'Addresses that get each message once they have confirmed. With this list, also an empty one, other addresses are taken off the topic; without it, who subscribes an address is left alone.',
    ),
    kmsKey: z
      .string()
      .refine(isKmsKey, 'must be the full ARN of a KMS key')
      .optional()
      .describe(
        'The key that messages are encrypted with, as an ARN; KmsMasterKeyId in SNS. Jobs that may publish may use it. Without it, SNS does not encrypt.',
      ),
    override: AwsFields.optional().describe(
      "Attributes of the topic in SNS's own names (DisplayName, DeliveryPolicy, Policy); those that are JSON may be maps. Others are left as they are.",
    ),
  })
  .describe('An SNS topic.');
