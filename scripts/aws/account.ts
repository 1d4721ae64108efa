import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Aws } from './clients.ts';

/** Where the credentials lead: the account, and the partition that its ARNs begin with. */
export interface Account {
  readonly account: string;
  readonly partition: string;
}

export async function accountOf(aws: Aws): Promise<Account> {
  const { Account: account = '', Arn = '' } = await aws.sts.send(new GetCallerIdentityCommand({}));
  return { account, partition: Arn.split(':')[1] ?? 'aws' };
}
