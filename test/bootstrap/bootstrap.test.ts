/** What bootstrap makes, and that it may be repeated. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { githubSteps } from '../../scripts/bootstrap/github-steps.ts';
import { printedRoles } from '../../scripts/bootstrap/printed-roles.ts';
import { loadConfig } from '../../scripts/config/load.ts';
import { plan } from '../../scripts/control/commands/plan.ts';
import { feedConfig } from '../support/feed-config.ts';
import { runHere, variables } from '../support/run-here.ts';
import { githubWorld } from './github-world.ts';

const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

/** A role that anybody may take. */
const AssumeRolePolicyDocument =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}';

const small = { buckets: { feeds: {} } };

test('bootstrap shows what it would make, makes it, mends it, and has then nothing to do', async (t) => {
  const { bootstrap, iam, write } = await githubWorld(t);
  write(small);
  const shown = await bootstrap({ plan: true });
  assert.deepEqual([shown.code, shown.err], [2, '']);
  assert.equal(lastLine(shown.out), 'baton/test/bootstrap: 5 to create; 0 unchanged');
  assert.deepEqual((await iam.listRoles()).Roles, []);
  const made = await bootstrap();
  assert.deepEqual([made.code, made.err], [0, '']);
  assert.match(made.out, /gh api -X PUT repos\/acme\/feeds\/environments\/test --input -/);
  const again = await bootstrap();
  assert.equal(again.code, 0);
  assert.equal(lastLine(again.out.split('\n\n')[0] ?? ''), 'baton/test/bootstrap: nothing to do; 5 unchanged');

  await iam.updateRole({ RoleName: 'github-unit-operate', MaxSessionDuration: 3_600 });
  await iam.putRolePolicy({
    RoleName: 'github-unit-plan',
    PolicyName: 'more',
    PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  });
  await iam.createPolicyVersion({
    PolicyArn: 'arn:aws:iam::111122223333:policy/github-unit-boundary',
    PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    SetAsDefault: true,
  });
  const drifted = await bootstrap({ plan: true });
  assert.equal(drifted.code, 2);
  assert.match(drifted.out, /longestSession: 3600 -> 21600/);
  assert.match(drifted.out, /~ managed-policy github-unit-boundary/);
  assert.match(drifted.out, /inline\.more/);
  assert.equal((await bootstrap()).code, 0);
  assert.equal((await bootstrap({ plan: true })).code, 0);
});

test('bootstrap without the ids keeps those that the roles trust, of the same repository and where they agree', async (t) => {
  const { bootstrap, iam, write } = await githubWorld(t);
  write(small);
  const named = { owner: 'acme', name: 'feeds', ids: undefined };
  const first = await bootstrap({ repository: named });
  assert.equal(first.code, 0);
  assert.match(first.out, /are not trusted yet/);
  assert.equal((await bootstrap()).code, 0);
  const again = await bootstrap({ repository: named, plan: true });
  assert.deepEqual([again.code, again.err], [0, '']);
  assert.match(again.out, /^note: the roles go on trusting owner id 7 and repository id 42, as they do now$/m);
  assert.match(again.out, /nothing to do; 5 unchanged/);
  assert.doesNotMatch(again.out, /are not trusted yet/);
  assert.equal((await bootstrap({ repository: { ...named, name: 'other' }, plan: true })).code, 2);

  const RoleName = 'github-unit-plan';
  const trust = decodeURIComponent((await iam.getRole({ RoleName })).Role?.AssumeRolePolicyDocument ?? '');
  const PolicyDocument = trust.replaceAll('feeds@42', 'feeds@43');
  await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument });
  const torn = await bootstrap({ repository: named });
  assert.equal(torn.code, 1);
  assert.match(torn.err, /they know acme\/feeds by more than one .* \(7 and 43; 7 and 42\); say which with --owner-id/);
});

test('a plan says of what it grants anew outside the prefix that the boundary may not know it', async (t) => {
  const { flags, person, write, writeEnvironment } = await githubWorld(t);
  variables(t, { AWS_ACCESS_KEY_ID: person.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: 'person' });
  const job = (secrets: object) => ({
    jobDefinitions: { plain: { vcpus: 1, memory: 2048, image: 'busybox:1', secrets } },
  });
  const notes = async (secrets: object): Promise<string[]> => {
    write(job(secrets));
    const { out } = await runHere(t, () => plan(flags));
    return out.match(/^note: role .*$/gm) ?? [];
  };
  assert.deepEqual(await notes({ TOKEN: '/unit/token' }), []);
  assert.deepEqual(await notes({ TOKEN: '/others/token' }), [
    'note: role "unit-execution" gets ssm:GetParameters on arn:aws:ssm:eu-central-1:111122223333:parameter/others/token, ' +
      'which does not begin with the prefix: its boundary allows that only if bootstrap has run with this config; npm run bootstrap -- -e test --plan shows it',
  ]);
  writeEnvironment({ permissionsBoundary: undefined });
  assert.deepEqual(await notes({ TOKEN: '/others/token' }), []);
});

test('bootstrap leaves a role of its name alone that somebody else made, and makes none without bounds', async (t) => {
  const { bootstrap, iam, write, writeEnvironment } = await githubWorld(t);
  write(small);
  await iam.createRole({
    RoleName: 'github-unit-plan',
    AssumeRolePolicyDocument,
  });
  const foreign = await bootstrap();
  assert.equal(
    foreign.err,
    'planning role "github-unit-plan": it exists and carries no tag baton:owner, so it is not ours to change; choose another name or prefix, or delete it',
  );
  writeEnvironment({ permissionsBoundary: undefined });
  assert.match(
    (await bootstrap()).err,
    /^planning the roles of GitHub: environment "test" does not say what bounds its roles/,
  );
  writeEnvironment({ prefix: 'github-unit' });
  assert.match(
    (await bootstrap()).err,
    /the prefix "github-unit" \(.*test\.yaml:\d+:\d+\) begins as their own names do/,
  );
});

test('bootstrap tells of roles that the apply role could get hold of, since they bear the prefix', async (t) => {
  const { bootstrap, iam, write } = await githubWorld(t);
  write(small);
  const make = (RoleName: string, more: object = {}) => iam.createRole({ RoleName, AssumeRolePolicyDocument, ...more });
  await make('unit-admin');
  await make('unit-of-old', { Tags: [{ Key: 'baton:owner', Value: 'baton/test' }] });
  await make('united');
  await bootstrap();
  await make('unit-bounded', { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/github-unit-boundary' });
  const { code, out } = await bootstrap({ plan: true });
  assert.equal(code, 0);
  assert.deepEqual(out.match(/^note: .*$/gm), [
    'note: role "unit-admin" begins with the prefix "unit" and is not of this environment: who applies could act as it; give it another name, or the environment another prefix',
  ]);
});

test('the roles that the workflows ask for follow from the config', () => {
  assert.equal(
    printedRoles({ directory: feedConfig, environment: 'staging' }),
    `region=eu-central-1
account=111122223333
plan=arn:aws:iam::111122223333:role/github-staging-plan
apply=arn:aws:iam::111122223333:role/github-staging-apply
operate=arn:aws:iam::111122223333:role/github-staging-operate`,
  );
});

test('what is left on GitHub is said in commands, and how to find the ids where they were not given', () => {
  const { site } = loadConfig({ directory: feedConfig, environment: 'staging' });
  const repository = { owner: 'acme', name: 'feeds', ids: undefined };
  const steps = githubSteps(site, repository);
  assert.match(steps, /gh api repos\/acme\/feeds --jq '\[\.owner\.id,\.id\]'/);
  assert.doesNotMatch(githubSteps(site, { ...repository, ids: { owner: 7, repository: 42 } }), /\.owner\.id/);
  const bodies = [...steps.matchAll(/'(\{"(?:reviewers|deployment).*\})'/g)].map(([, body = '']): unknown =>
    JSON.parse(body.replace('"id":.id', '"id":1')),
  );
  const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
  assert.deepEqual(bodies, [
    { reviewers: [{ type: 'User', id: 1 }], deployment_branch_policy },
    { deployment_branch_policy },
  ]);
  assert.match(steps, /A push to main is then applied to staging without asking anybody\.$/);
  const inProduction = githubSteps(loadConfig({ directory: feedConfig, environment: 'production' }).site, repository);
  assert.match(inProduction, /gh workflow run apply\.yml --ref main -f environment=production$/);
});
