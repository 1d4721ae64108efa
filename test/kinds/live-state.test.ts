import assert from 'node:assert/strict';
import test from 'node:test';
import type { ComputeResource } from '@aws-sdk/client-batch';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import { awsClients } from '../../scripts/aws/clients.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { imageReference } from '../../scripts/kinds/image.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { readPermissions } from '../../scripts/kinds/permission.ts';
import { ruleKind } from '../../scripts/kinds/rule.ts';
import { targetRequest, writtenTarget } from '../../scripts/kinds/rule-target.ts';
import { defineService } from '../../scripts/local-aws/wire/service.ts';
import { ordinaryJob } from '../support/ordinary-job.ts';
import { awsServing, heardStep } from './served.ts';

const aws = awsClients({ region: 'eu-central-1', owner: 'baton/test' });

test('what AWS shows of instances in a compute environment on Fargate says nothing', () => {
  const specOf = (filled: Partial<ComputeResource>) =>
    computeEnvironmentKind(aws).toSpec({
      computeEnvironmentName: 'main',
      computeEnvironmentArn: 'arn:aws:batch:eu-central-1:123456789012:compute-environment/main',
      computeResources: { type: 'FARGATE', maxvCpus: 4, subnets: ['subnet-1'], securityGroupIds: ['sg-1'], ...filled },
    });
  const filled = { minvCpus: 0, desiredvCpus: 0, instanceTypes: [], ec2Configuration: [], tags: {} };
  assert.deepEqual(specOf(filled), specOf({}));
});

test('what AWS fills into a job definition says nothing', () => {
  const spec = jobDefinitionKind(aws).toSpec({
    revisionArns: [],
    protectedArns: [],
    latest: {
      jobDefinitionName: 'watcher',
      jobDefinitionArn: 'arn:aws:batch:eu-central-1:123456789012:job-definition/watcher:3',
      revision: 3,
      status: 'ACTIVE',
      type: 'container',
      parameters: {},
      retryStrategy: { attempts: 3, evaluateOnExit: [{ action: 'RETRY', onStatusReason: 'Host EC2*' }] },
      platformCapabilities: ['FARGATE'],
      tags: { 'baton:owner': 'baton/test' },
      containerOrchestrationType: 'ECS',
      containerProperties: {
        image: 'busybox',
        command: [],
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        volumes: [],
        environment: [{ name: 'A', value: '1' }],
        mountPoints: [],
        ulimits: [],
        resourceRequirements: [
          { type: 'MEMORY', value: '1024' },
          { type: 'VCPU', value: '1.0' },
        ],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/aws/batch/unit' }, secretOptions: [] },
        secrets: [],
        networkConfiguration: { assignPublicIp: 'ENABLED' },
        fargatePlatformConfiguration: { platformVersion: 'LATEST' },
        enableExecuteCommand: false,
      },
    },
  });
  assert.deepEqual(spec, {
    name: 'watcher',
    protect: false,
    platform: 'FARGATE',
    image: 'busybox',
    command: [],
    vcpus: 1,
    memory: 1024,
    gpus: null,
    environment: { A: '1' },
    parameters: {},
    attempts: 3,
    evaluateOnExit: [{ action: 'RETRY', onReason: null, onStatusReason: 'Host EC2*', onExitCode: null }],
    timeoutSeconds: null,
    jobRoleArn: null,
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    logGroup: '/aws/batch/unit',
    ...ordinaryJob,
  });
});

test("a function's permissions are read whatever operator and case AWS wrote their conditions in", async (context) => {
  const statement = (Sid: string, Condition: object) => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
    Condition,
  });
  const policy = {
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      statement('b', { StringLike: { 'aws:SourceArn': 'arn:topic' }, StringEquals: { 'aws:SourceAccount': '1' } }),
      statement('a', { ArnLike: { 'AWS:SourceArn': 'arn:topic' }, StringEquals: { 'AWS:SourceAccount': '1' } }),
    ],
  };
  const served = await awsServing(context, {
    lambda: () => defineService(lambda, lambda.LambdaClient)({ GetPolicy: () => ({ Policy: JSON.stringify(policy) }) }),
  });
  const permission = {
    principal: 'sns.amazonaws.com',
    action: 'lambda:InvokeFunction',
    sourceArn: 'arn:topic',
    sourceAccount: '1',
  };
  assert.deepEqual(await readPermissions(served, 'f'), [
    { id: 'a', ...permission },
    { id: 'b', ...permission },
  ]);
});

const target = {
  id: 'schedule-to-batch',
  arn: 'arn:aws:lambda:eu-central-1:123456789012:function:submitter',
  input: { jobName: 'N', jobQueue: 'feeds', jobDefinition: 'watcher', event: { id: '<id>', time: '<time>' } },
  paths: { id: '$.id', time: '$.time' },
  retries: 185,
  maximumAgeSeconds: 21_600,
  deadLetterArn: 'arn:aws:sqs:eu-central-1:123456789012:lost',
  other: {},
};
const rule = {
  name: 'nightly',
  protect: false,
  description: '',
  expression: 'rate(1 day)',
  pattern: null,
  roleArn: null,
  state: 'ENABLED',
  targets: [target],
} as const;

test('targets that EventBridge refused although it answered 200 are a failure', async (context) => {
  const served = await awsServing(context, {
    events: () =>
      defineService(
        eventbridge,
        eventbridge.EventBridgeClient,
      )({
        PutRule: () => ({}),
        PutTargets: () => ({
          FailedEntryCount: 1,
          FailedEntries: [
            { TargetId: 'schedule-to-batch', ErrorCode: 'ConcurrentModification', ErrorMessage: 'again' },
          ],
        }),
      }),
  });
  await assert.rejects(
    ruleKind(served).create(rule, heardStep().step),
    new Error('setting targets of rule "nightly": target "schedule-to-batch": again'),
  );
});

const inputFrom = (live: Partial<eventbridge.Target>) =>
  ruleKind(aws).toSpec({ rule: {}, protect: false, targets: [{ Id: 'one', Arn: 'arn', ...live }] }).targets[0]?.input;

test('a template is compared as the structure it describes, placeholders as texts', () => {
  const template = (InputTemplate: string) =>
    inputFrom({ InputTransformer: { InputTemplate, InputPathsMap: { time: '$.time' } } });
  assert.deepEqual(template('{"at": <time>, "list": [<id>, "x <id> \\"<y>\\""], "n": 1}'), {
    at: '<time>',
    list: ['<id>', 'x <id> "<y>"'],
    n: 1,
  });
  assert.equal(template('"<id> by hand"'), '<id> by hand');
  assert.equal(template('at <time>, by hand'), 'at "<time>", by hand');
  assert.deepEqual(inputFrom({ Input: '{"time":"<time>"}' }), { time: '<time>' });
  assert.equal(inputFrom({}), null);
});

test('a template without paths is no constant: EventBridge fills its own variables in', () => {
  const target = { Id: 'one', Arn: 'arn', InputTransformer: { InputTemplate: '{"rule":<aws.events.rule-name>}' } };
  const requested = targetRequest(writtenTarget(target));
  assert.deepEqual([requested.InputTransformer, requested.Input], [target.InputTransformer, undefined]);
  assert.notDeepEqual(
    writtenTarget(target),
    writtenTarget({ Id: 'one', Arn: 'arn', Input: '{"rule":"<aws.events.rule-name>"}' }),
  );
});

test('of an input only what stands for a whole value goes bare, and only beside paths', async (context) => {
  const sent: (eventbridge.Target | undefined)[] = [];
  const served = await awsServing(context, {
    events: () =>
      defineService(
        eventbridge,
        eventbridge.EventBridgeClient,
      )({
        PutRule: () => ({}),
        PutTargets: ({ Targets }) => {
          sent.push(Targets?.[0]);
          return { FailedEntryCount: 0 };
        },
      }),
  });
  const input = { id: '<id>', text: 'quoted "<id>"' };
  for (const paths of [{ id: '$.id' }, {}]) {
    await ruleKind(served).create({ ...rule, targets: [{ ...target, input, paths }] }, heardStep().step);
  }
  assert.deepEqual(
    sent.map((each) => each?.InputTransformer?.InputTemplate ?? each?.Input),
    ['{"id":<id>,"text":"quoted \\"<id>\\""}', '{"id":"<id>","text":"quoted \\"<id>\\""}'],
  );
});

test('a rule comes after all that it starts, also what its input names', () => {
  const { references } = ruleKind(aws);
  const fixed = [
    { kind: 'function', name: 'submitter' },
    { kind: 'dead-letter-queue', name: 'lost' },
  ];
  assert.deepEqual(references(rule), [
    ...fixed,
    { kind: 'job-queue', name: 'feeds' },
    { kind: 'job-definition', name: 'watcher' },
  ]);
  assert.deepEqual(references({ ...rule, targets: [{ ...target, input: 'by hand' }] }), fixed);
});

test('an image of our registry is referred to, one of another is not', () => {
  assert.deepEqual(imageReference('123456789012.dkr.ecr.eu-central-1.amazonaws.com/unit/jobs/watcher:0123'), [
    { kind: 'image', name: 'unit/jobs/watcher:0123' },
  ]);
  assert.deepEqual(imageReference('public.ecr.aws/docker/library/busybox:1'), []);
  assert.deepEqual(imageReference('busybox'), []);
});
