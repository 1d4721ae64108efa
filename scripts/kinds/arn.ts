import type { ResourceRef } from '../reconcile/kind.ts';

/** What follows the account in an ARN: `function:NAME`, `rule/NAME`, or a bare name. */
const resourceOf = (arn: string): string => arn.split(':').slice(5).join(':');

/** The name at an ARN's end: `main` of `arn:aws:batch:eu-central-1:111122223333:job-queue/main`. */
export const nameInArn = (arn: string): string => resourceOf(arn).replace(/^[a-z-]+[:/]/, '');

/** What things that can be the target of a rule are here, by the service in their ARNs. */
const kinds: Readonly<Record<string, string>> = {
  lambda: 'function',
  sns: 'topic',
  sqs: 'dead-letter-queue',
  batch: 'job-queue',
};

/** What an ARN points at, as far as there is a kind of it here. */
export function refsTo(arn: string): ResourceRef[] {
  const kind = kinds[arn.split(':')[2] ?? ''];
  return kind === undefined ? [] : [{ kind, name: nameInArn(arn) }];
}
