import { z } from 'zod';
import { idOf, shouldBe } from './fields.ts';

const boundary = 'must be the name of a policy in the account, such as github-production-boundary';
const account = 'must be the 12 digits of an AWS account, in quotes';

/** What a file in config/environments/ says beside its overrides. */
export const Environment = z.strictObject({
  target: z
    .enum(['aws', 'embedded'])
    .default('aws')
    .describe('With aws, the real thing. With embedded, only ever a loopback endpoint, and images run as processes.'),
  account: z
    .string({ error: account })
    .regex(/^\d{12}$/, account)
    .describe('The AWS account, 12 digits in quotes. Any other account is refused.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as eu-central-1')
    .describe('The AWS region, such as eu-central-1.'),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must start with a letter and hold only a-z, 0-9 and "-", at most 20 characters')
    .describe('Begins every name that is made in AWS.'),
  permissionsBoundary: z
    .string({ error: boundary })
    .regex(/^[\w+=,.@-]{1,128}$/, boundary)
    .optional()
    .describe(
      'The policy that bounds every role that is made, by its name; npm run bootstrap makes it. Without it, roles are not bounded.',
    ),
  network: z
    .strictObject({
      subnets: z
        .array(idOf('subnet'), shouldBe('a list of ids: [subnet-…]'))
        .min(1)
        .max(16)
        .describe('computeResources.subnets: ids of the subnets that jobs run in. At most 16.'),
      securityGroupIds: z
        .array(idOf('sg'), shouldBe('a list of ids: [sg-…]'))
        .min(1)
        .max(5)
        .describe('computeResources.securityGroupIds: ids of the security groups of jobs. At most 5.'),
      assignPublicIp: z
        .boolean()
        .default(false)
        .describe('networkConfiguration.assignPublicIp: needed in a public subnet, or no image can be pulled.'),
    })
    .describe('The network of the jobs; it is there already and is never changed.'),
  variables: z
    .record(z.string(), z.string({ error: 'must be text, in quotes if it looks like a number' }))
    .default({})
    .describe(`Values for \${var.NAME}, which may stand in any text of the config.`),
});
export type Environment = z.infer<typeof Environment>;
