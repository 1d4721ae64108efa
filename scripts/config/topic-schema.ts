import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Submission } from './submission-schema.ts';

export const Topic = z
  .strictObject({
    ...entryFields('prefix and entry'),
    submit: Submission.extend({
      messageVariable: z.string().describe('The environment variable of the job that receives the message.'),
    })
      .optional()
      .describe('The job to submit for each message. Without it the topic is only made.'),
  })
  .describe('An SNS topic.');
