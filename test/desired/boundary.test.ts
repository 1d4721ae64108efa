/** What bounds the roles of an environment, and how much of it IAM takes. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { inlineLimit, permissionsOfRole, policyOf } from '../../scripts/bootstrap/policies.ts';
import { boundaryOf, managedLimit } from '../../scripts/desired/boundary.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { glob } from '../../scripts/local-aws/services/iam/policy-conditions.ts';
import { wholeConfig } from '../support/whole-config.ts';
import { configFrom } from '../support/written-config.ts';

const whole = configFrom(wholeConfig);
const bounds = boundaryOf(whole.site, whole.config);

const isWithin = (action: string, resource: string): boolean =>
  bounds.Statement.some(
    ({ Action = [], Resource = [] }) =>
      Action.some((pattern) => glob(action, pattern)) && Resource.some((pattern) => glob(resource, pattern)),
  );

test('the boundary leaves every role of an environment all that its own policies allow', () => {
  const granted = desiredRoles(whole.site, whole.config).flatMap(({ inline }) =>
    Object.values(inline).flatMap(({ Statement }) => Statement),
  );
  const pairs = granted.flatMap(({ Action = [], Resource = [] }) =>
    Action.flatMap((action) => Resource.map((resource) => [action, resource] as const)),
  );
  assert.ok(pairs.length > 50);
  assert.deepEqual(
    pairs.filter(([action, resource]) => !isWithin(action, resource)),
    [],
  );
});

test('the boundary allows nothing of IAM, and no action that no grant can give but what instances do for ECS', () => {
  const granted = new Set(
    desiredRoles(whole.site, whole.config).flatMap(({ inline }) =>
      Object.values(inline).flatMap(({ Statement }) => Statement.flatMap(({ Action = [] }) => Action)),
    ),
  );
  const actions = [...new Set(bounds.Statement.flatMap(({ Action = [] }) => Action))];
  const others = actions.filter((action) => !granted.has(action) && !/^(ecs:|ec2:DescribeTags$)/.test(action));
  assert.deepEqual(others, []);
  assert.deepEqual(
    actions.filter((action) => /^(iam|sts|organizations):/.test(action)),
    [],
  );
});

test('the boundary holds what bears the prefix, and beside it only what config names', () => {
  for (const [action, resource] of [
    ['s3:GetObject', 'arn:aws:s3:::others/key'],
    ['ssm:GetParameters', 'arn:aws:ssm:eu-central-1:111122223333:parameter/others'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:others-a1b2c3'],
    ['kms:Decrypt', 'arn:aws:kms:eu-central-1:111122223333:key/5678'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:eu-central-1:111122223333:function:others'],
    ['batch:SubmitJob', 'arn:aws:batch:eu-central-1:111122223333:job-queue/others'],
  ] as const)
    assert.ok(!isWithin(action, resource), `${action} on ${resource}`);
  assert.ok(isWithin('ssm:GetParameters', 'arn:aws:ssm:eu-central-1:111122223333:parameter/unit/new'));
});

test('policies fit into what IAM takes, with room for names of one’s own', () => {
  const reached = {
    site: whole.site,
    config: whole.config,
    boundary: `arn:aws:iam::111122223333:policy/${'b'.repeat(128)}`,
  };
  assert.ok(JSON.stringify(bounds).length < managedLimit / 2);
  for (const role of ['plan', 'apply', 'operate'] as const) {
    const { length } = JSON.stringify(policyOf(reached, permissionsOfRole(role)));
    assert.ok(length < inlineLimit - 1_000, `${role}: ${length}`);
  }
});
