/** What a plan can still say where its credentials may not list what there is. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { type Aws, awsClients, forOnePlan } from '../../scripts/aws/clients.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { logGroupKind } from '../../scripts/kinds/log-group.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { type RoleSpec, roleKind } from '../../scripts/kinds/role.ts';
import { ruleKind } from '../../scripts/kinds/rule.ts';

import { makePlan } from '../../scripts/reconcile/plan.ts';
import { type ResourceSet, resourceSet } from '../../scripts/reconcile/resource-set.ts';
import { acting } from '../local-aws/authorization/acting.ts';
import { step } from './contract.ts';

const owner = 'baton/test';

interface Two {
  readonly person: Aws;
  /** May do everything but the one action. */
  readonly planner: Aws;
}

async function withoutAction(t: TestContext, Action: string): Promise<Two> {
  const { person, as } = await acting(t);
  const everything = { Action: '*', Resource: '*' };
  const planner = await as('planner', everything, { Effect: 'Deny', Action, Resource: '*' });
  const clients = (settings: typeof person): Aws => {
    const aws = awsClients({ ...settings, owner });
    t.after(() => aws.close());
    return aws;
  };
  return { person: clients(person), planner: forOnePlan(clients(planner)) };
}

async function planned(sets: readonly ResourceSet[]) {
  const { changes, notes, unchanged } = await makePlan(sets, owner);
  return { changes: changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`), notes, unchanged };
}

const denied = (action: string, resource: string): string =>
  `User: arn:aws:sts::123456789012:assumed-role/planner/session is not authorized to perform: ${action} on resource: ${resource} ` +
  'with an explicit deny in an identity-based policy';

const role = (name: string): RoleSpec => ({
  name,
  trust: policy({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  inline: {
    first: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::feeds/*' }),
    second: policy({ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' }),
  },
  managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  instanceProfile: true,
});

test('where roles may not be listed, those of config are read one by one, and the plan says what it cannot see', async (t) => {
  const { person, planner } = await withoutAction(t, 'iam:GetAccountAuthorizationDetails');
  for (const name of ['kept', 'orphan']) await roleKind(person).create(role(name), step);
  const wanted = [role('kept'), role('missing')];
  assert.deepEqual(await planned([resourceSet(roleKind(planner), wanted)]), {
    changes: ['create role missing'],
    unchanged: 1,
    notes: [
      'what is ours and no longer in config could not be listed (role): listing roles: AccessDenied: ' +
        denied('iam:GetAccountAuthorizationDetails', '*'),
    ],
  });
  assert.deepEqual((await planned([resourceSet(roleKind(person), wanted)])).changes, [
    'create role missing',
    'delete role orphan',
  ]);
});

const rule = (name: string) => ({
  name,
  protect: false,
  description: '',
  expression: 'rate(1 day)',
  pattern: null,
  state: 'ENABLED' as const,
  roleArn: null,
  targets: [],
});
const logGroup = (name: string) => ({ name, retentionDays: 7 });

test('where the tagging API may not be asked, what config names is read and the plan says what it cannot see', async (t) => {
  const { person, planner } = await withoutAction(t, 'tag:GetResources');
  for (const name of ['kept', 'orphan']) {
    await ruleKind(person).create(rule(name), step);
    await logGroupKind(person).create(logGroup(name), step);
  }
  const sets = (aws: Aws): ResourceSet[] => [
    resourceSet(ruleKind(aws), [rule('kept')]),
    resourceSet(logGroupKind(aws), [logGroup('kept')]),
  ];
  assert.deepEqual(await planned(sets(planner)), {
    changes: [],
    unchanged: 2,
    notes: [
      'what is ours and no longer in config could not be listed (log-group, rule): asking the tagging API: AccessDeniedException: ' +
        denied('tag:GetResources', '*'),
    ],
  });
  assert.deepEqual(await planned(sets(person)), {
    changes: ['delete log-group orphan', 'delete rule orphan'],
    unchanged: 2,
    notes: [],
  });
});

test('where rules may not be listed, each is read by itself and nothing stays unseen', async (t) => {
  const { person, planner } = await withoutAction(t, 'events:ListRules');
  for (const name of ['kept', 'orphan']) await ruleKind(person).create(rule(name), step);
  assert.deepEqual(await planned([resourceSet(ruleKind(planner), [rule('kept')])]), {
    changes: ['delete rule orphan'],
    unchanged: 1,
    notes: [],
  });
});

test('where job definitions may not be described there is no plan, and the reason is told', async (t) => {
  const { planner } = await withoutAction(t, 'batch:DescribeJobDefinitions');
  await assert.rejects(planned([resourceSet(jobDefinitionKind(planner), [])]), {
    name: 'PlanError',
    message: `reading live state (job-definition): AccessDeniedException: ${denied('batch:DescribeJobDefinitions', '*')}`,
  });
});
