import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Aws } from './clients.ts';

/** Where the credentials lead: the account, and the partition that its ARNs begin with. */
export interface Account {
  readonly account: string;
  readonly partition: string;
}

const known = new WeakMap<STSClient, Account>();

/** Asks once per client: its credentials stay those of one account. A failure is not remembered. */
export async function accountOf({ sts }: Aws): Promise<Account> {
  const before = known.get(sts);
  if (before !== undefined) return before;
  const { Account: account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const answer = { account, partition: Arn.split(':')[1] ?? 'aws' };
  known.set(sts, answer);
  return answer;
}
