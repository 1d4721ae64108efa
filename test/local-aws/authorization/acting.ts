/** Roles of an account and clients that sign as them. */
import type { TestContext } from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Account, openAccount } from '../services/account.ts';

interface Statement {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

export interface Acting {
  readonly account: Account;
  readonly iam: IAMClient;
  /** What the person at the keyboard's clients take; and those of a role, made with the statements. */
  readonly person: Account['client'];
  as(roleName: string, ...statements: readonly Statement[]): Promise<Account['client'] & { readonly roleArn: string }>;
  createBucket(name: string): Promise<unknown>;
  /** A client that ends with the test. */
  client<Client extends { destroy(): void }>(made: Client): Client;
}

export const document = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((each) => ({ Effect: 'Allow', ...each })) });

const trust = document([
  {
    Principal: { Service: ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com', 'events.amazonaws.com'] },
    Action: 'sts:AssumeRole',
  },
]);

export async function acting(t: TestContext): Promise<Acting> {
  const account = await openAccount();
  const clients: { destroy(): void }[] = [];
  const client = <Client extends { destroy(): void }>(made: Client): Client => {
    clients.push(made);
    return made;
  };
  t.after(async () => {
    for (const each of clients) each.destroy();
    await account.close();
  });
  const iam = client(new IAMClient(account.client));
  return {
    account,
    iam,
    person: account.client,
    client,
    createBucket: (Bucket) =>
      client(new S3Client(account.client)).send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
      ),
    async as(RoleName, ...statements) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      if (statements.length > 0)
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document(statements) }));
      const roleArn = arn('iam', `role/${RoleName}`, '');
      const credentials = account.identity.credentialsFor(roleArn, 'session', 'ecs-tasks.amazonaws.com');
      return { ...account.client, credentials, roleArn };
    },
  };
}

export const arn = (service: string, resource: string, region = 'eu-central-1'): string =>
  `arn:aws:${service}:${region}:123456789012:${resource}`;

/** Of what `as('job')` makes. */
export const session = 'arn:aws:sts::123456789012:assumed-role/job/session';
export const refused = (
  action: string,
  resource: string,
  why = `because no identity-based policy allows the ${action} action`,
) => `User: ${session} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
