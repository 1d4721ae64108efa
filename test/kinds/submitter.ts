import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import type { Aws } from '../../scripts/aws/clients.ts';
import { deadLetterQueueKind } from '../../scripts/kinds/dead-letter-queue.ts';
import { type FunctionSpec, functionKind } from '../../scripts/kinds/function.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { roleKind } from '../../scripts/kinds/role.ts';
import { account, inRegion, step } from './contract.ts';

export const zipOf = (code: string): Uint8Array => zipSync({ 'index.mjs': strToU8(code) });
const zip = zipOf('export const handler = async () => 1;');
const codeSha256 = createHash('sha256').update(zip).digest('base64');
export const zips = new Map([[codeSha256, zip]]);

const deadLetters = {
  name: 'unit-undelivered',
  retentionSeconds: 1_209_600,
  encrypted: true,
  policy: policy({
    Effect: 'Allow',
    Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] },
    Action: 'sqs:SendMessage',
    Resource: inRegion('sqs', 'unit-undelivered'),
  }),
};
export const deadLetterArn = inRegion('sqs', deadLetters.name);

const role = {
  name: 'unit-submitter',
  trust: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  inline: { grants: policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: deadLetterArn }) },
  managed: [],
};

export const submitter: FunctionSpec = {
  name: 'unit-submitter',
  codeSha256,
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  roleArn: `arn:aws:iam::${account}:role/${role.name}`,
  memory: 256,
  timeoutSeconds: 60,
  environment: { STATE_BUCKET: 'unit-state' },
  logGroup: '/aws/lambda/unit-submitter',
  asynchronous: { retries: 2, maximumAgeSeconds: 21_600, onFailureArn: deadLetterArn },
  permissions: [
    {
      id: 'schedules',
      principal: 'events.amazonaws.com',
      action: 'lambda:InvokeFunction',
      sourceArn: inRegion('events', 'rule/unit-*'),
      sourceAccount: account,
    },
  ],
};
export const functionArn = inRegion('lambda', `function:${submitter.name}`);

/** What the function refers to. */
export async function prepareFunction(aws: Aws): Promise<void> {
  await roleKind(aws).create(role, step);
  await deadLetterQueueKind(aws).create(deadLetters, step);
}

/** The function with all that it refers to. */
export async function withFunction(aws: Aws): Promise<void> {
  await prepareFunction(aws);
  await functionKind(aws, zips).create(submitter, step);
}
