import assert from 'node:assert/strict';
import test from 'node:test';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import { type RuleSpec, ruleKind } from '../../scripts/kinds/rule.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { awsServing, heardStep } from './served.ts';

const serveEvents = (handlers: Handlers<typeof eventbridge>) => ({
  events: () => defineService(eventbridge, eventbridge.EventBridgeClient)(handlers),
});

const target = (id: string) => ({
  id,
  arn: `arn:aws:sqs:eu-central-1:123456789012:${id}`,
  input: null,
  paths: {},
  retries: 1,
  maximumAgeSeconds: 60,
  deadLetterArn: null,
  other: {},
});

const rule: RuleSpec = {
  name: 'nightly',
  protect: false,
  description: '',
  expression: 'rate(1 hour)',
  pattern: null,
  state: 'ENABLED',
  roleArn: null,
  targets: [target('a'), target('b'), target('c')],
};

const failed = (TargetId: string, ErrorCode: string) => ({
  TargetId,
  ErrorCode,
  ErrorMessage: `${ErrorCode} of ${TargetId}`,
});

test('targets that EventBridge refuses for a moment are set again, and only those', async (context) => {
  const sent: string[] = [];
  const refused = [
    [failed('a', 'ConcurrentModificationException'), failed('c', 'ThrottlingException')],
    [failed('c', 'ConcurrentModificationException')],
  ];
  const busy = [new AwsError('ConcurrentModificationException', 'Rule nightly was modified concurrently')];
  const aws = await awsServing(
    context,
    serveEvents({
      PutRule: () => {
        const error = busy.shift();
        if (error !== undefined) throw error;
        return {};
      },
      PutTargets: ({ Targets }) => {
        sent.push(Targets.map(({ Id }) => Id).join(' '));
        const FailedEntries = refused.shift() ?? [];
        return { FailedEntryCount: FailedEntries.length, FailedEntries };
      },
    }),
  );
  const { heard, step } = heardStep();
  await ruleKind(aws).create(rule, step);
  assert.deepEqual(sent, ['a b c', 'a c', 'c']);
  assert.deepEqual(heard, [
    'rule "nightly" is busy with another change',
    ...Array(2).fill('rule "nightly" is busy with other changes (ConcurrentModificationException)'),
  ]);
});

test('targets that EventBridge refuses for good are named with its reason', async (context) => {
  const FailedEntries = [failed('a', 'ThrottlingException'), failed('b', 'ManagedRuleException')];
  const aws = await awsServing(
    context,
    serveEvents({ PutRule: () => ({}), PutTargets: () => ({ FailedEntryCount: 2, FailedEntries }) }),
  );
  await assert.rejects(
    ruleKind(aws).create(rule, heardStep().step),
    new Error('setting targets of rule "nightly": target "b": ManagedRuleException of b'),
  );
});

test('a rule is deleted once EventBridge says that its targets are gone, also one that a late read left out', async (context) => {
  const reads = [['a'], ['a', 'late']];
  const removed: string[] = [];
  let left = ['a', 'late'];
  const aws = await awsServing(
    context,
    serveEvents({
      ListTargetsByRule: () => ({ Targets: (reads.shift() ?? []).map((Id) => ({ Id, Arn: `arn:${Id}` })) }),
      RemoveTargets: ({ Ids }) => {
        removed.push(Ids.join(' '));
        left = left.filter((id) => !Ids.includes(id));
        return { FailedEntryCount: 0 };
      },
      DeleteRule: () => {
        if (left.length > 0) throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
        return {};
      },
    }),
  );
  await ruleKind(aws).delete({ rule: { Name: 'nightly' }, protect: false, targets: [] }, heardStep().step);
  assert.deepEqual(removed, ['a', 'a late']);
});
