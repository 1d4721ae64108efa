import assert from 'node:assert/strict';
import test from 'node:test';
import { parseTrustPolicy } from '../../../../scripts/local-aws/services/iam/policy.ts';
import { type Assumer, trusts } from '../../../../scripts/local-aws/services/iam/trust.ts';

const lambda: Assumer = { type: 'Service', names: ['lambda.amazonaws.com'] };
const person: Assumer = { type: 'AWS', names: ['arn:aws:iam::123456789012:root', '123456789012'] };
const allow = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

const decide = (
  statements: object | object[],
  assumer: Assumer = lambda,
  context: Record<string, string> = {},
  action = 'sts:AssumeRole',
): boolean => trusts(parseTrustPolicy(JSON.stringify({ Statement: statements })), action, assumer, context);

test('a service is trusted when a statement names it for that action, alone or in a list', () => {
  assert.equal(decide(allow), true);
  assert.equal(decide({ ...allow, Principal: { Service: ['events.amazonaws.com', 'lambda.amazonaws.com'] } }), true);
  assert.equal(decide({ ...allow, Principal: { Service: 'ecs-tasks.amazonaws.com' } }), false);
  assert.equal(decide({ ...allow, Action: 'sts:*' }), true);
  assert.equal(decide({ ...allow, Action: 'sts:TagSession' }), false);
  assert.equal(decide(allow, person), false);
  assert.equal(decide({ ...allow, Principal: '*' }, person), true);
  assert.equal(decide({ ...allow, Principal: { AWS: '123456789012' } }, person), true);
});

test('a deny outweighs every allow', () => {
  assert.equal(decide([allow, { ...allow, Effect: 'Deny' }]), false);
  assert.equal(decide([{ ...allow, Effect: 'Deny', Principal: { Service: 'events.amazonaws.com' } }, allow]), true);
  const everybodyElse = { Effect: 'Deny', NotPrincipal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:*' };
  assert.equal(decide([{ ...allow, Principal: '*' }, everybodyElse]), true);
  assert.equal(decide([{ ...allow, Principal: '*' }, everybodyElse], person), false);
});

test('all conditions must hold, each for one of its values', () => {
  const context = { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': 'arn:aws:batch:eu-central-1:1:job/a:1' };
  const on = (Condition: object) => decide({ ...allow, Condition }, lambda, context);
  assert.equal(on({ StringEquals: { 'AWS:sourceaccount': ['1', '123456789012'] } }), true);
  assert.equal(on({ StringEquals: { 'aws:SourceAccount': '1' } }), false);
  assert.equal(on({ StringNotEquals: { 'aws:SourceAccount': ['1', '2'] } }), true);
  assert.equal(on({ StringNotEquals: { 'aws:SourceAccount': ['1', '123456789012'] } }), false);
  assert.equal(on({ StringLike: { 'aws:SourceAccount': '1234*' } }), true);
  assert.equal(on({ StringLike: { 'aws:SourceAccount': '123456789?12' } }), true);
  assert.equal(on({ ArnLike: { 'aws:SourceArn': 'arn:aws:batch:*:*:job/*' } }), true);
  assert.equal(on({ ArnLike: { 'aws:SourceArn': 'arn:aws:*:job/*' } }), false, 'no wildcard reaches over a colon');
  assert.equal(on({ StringEquals: { 'sts:ExternalId': 'x' } }), false, 'an absent key meets nothing');
  assert.equal(on({ StringEqualsIfExists: { 'sts:ExternalId': 'x' } }), true);
  assert.equal(on({ StringNotEquals: { 'sts:ExternalId': 'x' } }), true);
  assert.equal(
    on({ StringEquals: { 'aws:SourceAccount': '123456789012' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }),
    false,
  );
});

test('a condition operator that is not evaluated is refused rather than ignored', () => {
  assert.throws(() => decide({ ...allow, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }), {
    code: 'NotImplemented',
  });
});
