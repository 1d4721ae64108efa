import assert from 'node:assert/strict';
import test from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { account, allowing, metBy, region, stormyAccount, trust } from './stormy-account.ts';

const lag = 4;

test('a fresh policy lets nobody change anything for a few attempts, and takes no data away', async (t) => {
  const { client, identity } = await stormyAccount(t, { lag });
  const iam = new IAMClient(client);
  const { TopicArn } = await new SNSClient(client).send(new CreateTopicCommand({ Name: 'there' }));
  const met: string[] = [];
  for (const RoleName of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowing('sns:*') }));
    const roleArn = `arn:aws:iam::${account}:role/${RoleName}`;
    const credentials = identity.credentialsFor(roleArn, 'deploy', 'lambda.amazonaws.com');
    const sns = new SNSClient({ ...client, credentials });
    await sns.send(new PublishCommand({ TopicArn, Message: 'is never lost' }));
    await sns.send(new ListTopicsCommand({}));
    met.push(...(await metBy(() => sns.send(new CreateTopicCommand({ Name: RoleName })), lag)));
  }
  assert.ok(met.length > 0);
  for (const refusal of met) {
    const [, name] = /assumed-role\/(\w)\//.exec(refusal) ?? [];
    assert.equal(
      refusal,
      `AuthorizationErrorException: User: arn:aws:sts::${account}:assumed-role/${name}/deploy is not authorized to perform: SNS:CreateTopic on resource: arn:aws:sns:${region}:${account}:${name} because no identity-based policy allows the SNS:CreateTopic action`,
    );
  }
});
