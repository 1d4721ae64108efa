import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { checkResourcePolicy } from '../iam/policy.ts';

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** @throws AwsError MalformedPolicy. The statements are those of the document, as they stand. */
export function parseBucketPolicy(text: string): readonly Fields[] {
  const document = parseJson(text);
  if (!isFields(document)) throw new AwsError('MalformedPolicy', 'This policy contains invalid Json');
  const statements = listOf(document['Statement']).filter(isFields);
  if (statements.length === 0) throw new AwsError('MalformedPolicy', 'Missing required field Statement');
  for (const statement of statements) {
    if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny')
      throw new AwsError('MalformedPolicy', `Invalid effect: ${String(statement['Effect'])}`);
    if (statement['Principal'] === undefined && statement['NotPrincipal'] === undefined)
      throw new AwsError('MalformedPolicy', 'Missing required field Principal');
    if (statement['Action'] === undefined && statement['NotAction'] === undefined)
      throw new AwsError('MalformedPolicy', 'Missing required field Action');
    if (statement['Resource'] === undefined && statement['NotResource'] === undefined)
      throw new AwsError('MalformedPolicy', 'Missing required field Resource');
  }
  checkResourcePolicy(text, (reason) => new AwsError('MalformedPolicy', reason));
  return statements;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicy', 'This policy contains invalid Json');
  }
}

/**
 * S3 Block Public Access refuses a policy that allows everybody something without a condition.
 * @throws AwsError AccessDenied
 */
export function checkPublicPolicy(statements: readonly Fields[], bucket: string, world: World): void {
  const isEverybody = (principal: unknown): boolean =>
    principal === '*' || (isFields(principal) && listOf(principal['AWS']).includes('*'));
  const isPublic = (statement: Fields): boolean =>
    statement['Effect'] === 'Allow' && isEverybody(statement['Principal']) && statement['Condition'] === undefined;
  if (!statements.some(isPublic)) return;
  throw new AwsError(
    'AccessDenied',
    `User: arn:${world.partition}:iam::${world.account}:root is not authorized to perform: s3:PutBucketPolicy on resource: ` +
      `"arn:${world.partition}:s3:::${bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    403,
  );
}
