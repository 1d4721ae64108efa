import { AwsError } from '../../wire/errors.ts';

/** A statement of a function's policy as AddPermission writes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: {
    readonly StringEquals?: { readonly 'AWS:SourceAccount': string };
    readonly ArnLike?: { readonly 'AWS:SourceArn': string };
  };
}

/** Who invokes a function on behalf of what: `sns.amazonaws.com` and the topic's ARN. */
export interface Source {
  readonly service: string;
  readonly arn: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestPolicy = 20_480;

export function policyText(statements: Iterable<Statement>): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [...statements] });
}

export function requireFitting(statements: readonly Statement[]): void {
  const size = policyText(statements).length;
  if (size <= longestPolicy) return;
  throw new AwsError(
    'PolicyLengthExceededException',
    `The final policy size (${size}) is bigger than the limit (${longestPolicy}).`,
    400,
  );
}

/** Whether a service may invoke the function for a resource of an account. */
export const allows = (statements: Iterable<Statement>, source: Source, account: string): boolean =>
  [...statements].some(
    ({ Principal, Action, Condition }) =>
      (Principal === '*' || ('Service' in Principal && Principal.Service === source.service)) &&
      ['lambda:InvokeFunction', 'lambda:*', '*'].includes(Action) &&
      (Condition?.StringEquals?.['AWS:SourceAccount'] ?? account) === account &&
      isLike(source.arn, Condition?.ArnLike?.['AWS:SourceArn'] ?? '*'),
  );

function isLike(arn: string, pattern: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(arn);
}
