/** No operation that the code can send is forgotten: each is recorded, or said to be seldom, or nobody's who acts as a role. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { applyCalls, operateCalls, planCalls, seldomCalls } from '../../scripts/bootstrap/calls.ts';
import { operations } from '../../scripts/bootstrap/operations.ts';
import { namesOf } from './lists.ts';

/** The SDK's clients, by what IAM calls their services where it is not the client's own name. */
const services: Readonly<Record<string, string>> = {
  'cloudwatch-logs': 'logs',
  eventbridge: 'events',
  'resource-groups-tagging-api': 'tag',
};

/** `import { …Command, paginate… } from '@aws-sdk/client-…'` */
const imports = /import(?: type)? \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g;

function operationsIn(source: string): string[] {
  return [...source.matchAll(imports)].flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\bpaginate(\w+)|\b(\w+)Command\b/g)].map(
      ([, paged, single]) => `${services[client] ?? client}:${paged ?? single}`,
    ),
  );
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const sent = (...folders: readonly string[]): string[] =>
  [...new Set(folders.flatMap(filesIn).flatMap((file) => operationsIn(readFileSync(file, 'utf8'))))].sort();

/** What no role of GitHub may do, though the code can. */
const nobodys = [
  // import takes over what is there: a person does that.
  'iam:TagRole',
  // An environment that names no boundary any more is an administrator's to apply.
  'iam:DeleteRolePermissionsBoundary',
  // bootstrap itself.
  ...['CreateOpenIDConnectProvider', 'AddClientIDToOpenIDConnectProvider', 'DeleteOpenIDConnectProvider'].map(
    (name) => `iam:${name}`,
  ),
  'iam:GetOpenIDConnectProvider',
  ...[
    'CreatePolicy',
    'CreatePolicyVersion',
    'DeletePolicy',
    'DeletePolicyVersion',
    'GetPolicy',
    'GetPolicyVersion',
  ].map((name) => `iam:${name}`),
  'iam:ListPolicyVersions',
  // Config always wants one of each.
  ...['s3:DeleteBucketEncryption', 's3:DeleteBucketLifecycle', 's3:DeleteBucketPolicy'],
  ...['ecr:DeleteLifecyclePolicy', 'logs:DeleteRetentionPolicy'],
];

test('every operation that plan, apply and destroy can send is in exactly one list', () => {
  const listed = [...namesOf(planCalls, applyCalls, seldomCalls.plan, seldomCalls.apply), ...nobodys].sort();
  assert.deepEqual(listed, [...new Set(listed)], 'twice');
  assert.deepEqual(listed, sent('scripts/kinds', 'scripts/aws', 'scripts/control'));
});

test('every operation that trigger, status and replay can send is in their list; pause is not theirs', () => {
  const theirs = readdirSync('scripts/operate').map((name) => join('scripts/operate', name));
  const folders = theirs.filter((path) => !path.endsWith('.ts') && path !== 'scripts/operate/pause');
  const files = theirs.filter((path) => path.endsWith('.ts'));
  const all = [...files.flatMap((file) => operationsIn(readFileSync(file, 'utf8'))), ...sent(...folders)];
  // Who opens an environment asks who is calling, and whether it is paused.
  const opening = ['sts:GetCallerIdentity', 's3:GetBucketTagging'];
  assert.deepEqual([...new Set([...all, ...opening])].sort(), namesOf(operateCalls));
});

test('the table has every operation of the lists, and no other', () => {
  const listed = namesOf(planCalls, applyCalls, seldomCalls.plan, seldomCalls.apply, operateCalls);
  assert.deepEqual([...operations.keys()].sort(), [...new Set(listed)].sort());
});
