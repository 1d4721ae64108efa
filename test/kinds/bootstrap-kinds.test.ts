import assert from 'node:assert/strict';
import test from 'node:test';
import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyVersionCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { identityProviderKind } from '../../scripts/kinds/identity-provider.ts';
import { managedPolicyKind } from '../../scripts/kinds/managed-policy.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { account, contract, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const allowing = (Action: string) => policy({ Effect: 'Allow', Action, Resource: '*' });

contract('a managed policy', {
  kind: managedPolicyKind,
  foundByName: true,
  desired: { name: 'unit-bounds', document: allowing('sns:Publish') },
  drifts: {
    'document.Statement[0].Action': (aws, { arn }) =>
      aws.iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: arn,
          PolicyDocument: JSON.stringify(allowing('sns:*')),
          SetAsDefault: true,
        }),
      ),
  },
});

test('a managed policy is changed any number of times: the oldest of five versions makes room', () =>
  withLocalAws(async (aws) => {
    const kind = managedPolicyKind(aws);
    const name = 'unit-bounds';
    const live = async () => {
      const [found] = (await kind.list([name])).observed;
      assert.ok(found);
      return found.live;
    };
    await kind.create({ name, document: allowing('sns:a0') }, step);
    for (let at = 1; at <= 7; at += 1)
      await kind.update(await live(), { name, document: allowing(`sns:a${at}`) }, [], step);
    const now = await live();
    assert.deepEqual(kind.toSpec(now).document, allowing('sns:a7'));
    const { Versions = [] } = await aws.iam.send(new ListPolicyVersionsCommand({ PolicyArn: now.arn }));
    assert.deepEqual(
      Versions.map(({ VersionId }) => VersionId),
      ['v4', 'v5', 'v6', 'v7', 'v8'],
    );
    await kind.delete(now, step);
    assert.deepEqual((await kind.list([name])).observed, []);
  }));

test('an identity provider is everybody’s: made once, and told of our audience beside those it has', () =>
  withLocalAws(async (aws) => {
    const name = 'token.actions.githubusercontent.com';
    const kind = identityProviderKind(aws, 'sts.amazonaws.com');
    const desired = { name, audience: 'sts.amazonaws.com' };
    assert.deepEqual((await kind.list([name])).observed, []);
    await aws.iam.send(new CreateOpenIDConnectProviderCommand({ Url: `https://${name}`, ClientIDList: ['theirs'] }));
    // Somebody was faster.
    await kind.create(desired, step);
    const live = async () => {
      const [found] = (await kind.list([name])).observed;
      assert.ok(found);
      assert.equal(found.owner, 'baton/test');
      return found.live;
    };
    const theirs = await live();
    assert.deepEqual(kind.toSpec(theirs), { name, audience: null });
    await kind.update(theirs, desired, [], step);
    const ours = await live();
    assert.deepEqual(kind.toSpec(ours), desired);
    assert.deepEqual([...ours.audiences].sort(), ['sts.amazonaws.com', 'theirs']);
    assert.equal(ours.arn, `arn:aws:iam::${account}:oidc-provider/${name}`);
    await kind.delete(ours, step);
    assert.deepEqual((await kind.list([name])).observed, []);
  }));
