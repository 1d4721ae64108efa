import { z } from 'zod';
import { Command, EnvironmentVariables, Name, Parameters } from './fields.ts';

export const Submission = z
  .strictObject({
    jobName: z
      .string()
      .describe(
        'jobName: it begins with a letter or digit, then also "-" and "_". The event\'s time or the message\'s id is appended.',
      ),
    jobQueue: Name.describe('jobQueue: a name from jobQueues.'),
    jobDefinition: Name.describe('jobDefinition: a name from jobDefinitions. Its latest revision runs.'),
    environment: EnvironmentVariables.default({}).describe(
      "containerOverrides.environment: variables beside, or in place of, the definition's. A map or list is sent as JSON.",
    ),
    shareIdentifier: z
      .string()
      .regex(/^[A-Za-z0-9]{1,255}$/, 'must be letters and digits, at most 255')
      .optional()
      .describe(
        'shareIdentifier: whose share of the queue the job counts to. A queue with a scheduling policy needs it.',
      ),
    command: Command.optional().describe(
      "containerOverrides.command: program and arguments, in place of the definition's.",
    ),
    parameters: Parameters.optional(),
  })
  .describe('The job to submit (AWS Batch SubmitJob).');
export type Submission = z.infer<typeof Submission>;
