import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePolicy, policy } from '../../scripts/kinds/policy.ts';

test('a policy that AWS wrote in its own way equals the one that was sent', () => {
  const sent = policy(
    { Effect: 'Allow', Principal: { Service: ['a', 'b'] }, Action: ['s3:PutObject', 's3:GetObject'], Resource: 'x' },
    { Effect: 'Deny', Principal: '*', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  );
  const stored = JSON.stringify({
    Statement: [
      {
        Action: ['s3:GetObject', 's3:PutObject'],
        Principal: { Service: ['b', 'a'] },
        Resource: ['x'],
        Effect: 'Allow',
      },
      { Effect: 'Deny', Principal: '*', Action: ['s3:*'], Condition: { Bool: { 'aws:SecureTransport': [false] } } },
    ],
    Version: '2012-10-17',
  });
  assert.deepEqual(parsePolicy(stored), sent);
});

test('a single statement may stand without a list', () => {
  const stored = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}';
  assert.deepEqual(parsePolicy(stored), policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }));
});

test('accounts and everybody are the same however they are written', () => {
  const by = (Principal: unknown) => parsePolicy(JSON.stringify({ Statement: { Effect: 'Allow', Principal } }));
  const root = 'arn:aws:iam::111122223333:root';
  assert.deepEqual(by({ AWS: '*' }), by('*'));
  assert.deepEqual(by({ AWS: ['999988887777', root] }), by({ AWS: ['111122223333', '999988887777'] }));
  assert.deepEqual(by({ AWS: 'arn:aws-cn:iam::111122223333:root' }), by({ AWS: '111122223333' }));
  assert.notDeepEqual(by({ AWS: '*', Service: 'sns.amazonaws.com' }), by('*'));
  assert.notDeepEqual(by({ AWS: 'arn:aws:iam::111122223333:role/root' }), by({ AWS: '111122223333' }));
});

test('policies that differ in one action differ', () => {
  assert.notDeepEqual(policy({ Effect: 'Allow', Action: 'a:B' }), policy({ Effect: 'Allow', Action: 'a:C' }));
});
