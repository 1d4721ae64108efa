import { isDeepStrictEqual } from 'node:util';
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { type Policy, parsePolicy } from './policy.ts';

/** Lets a service invoke a function: one statement of the function's own policy. */
export interface Permission {
  readonly id: string;
  /** `events.amazonaws.com`; `*` or an ARN where somebody else wrote the statement. */
  readonly principal: string;
  readonly action: string;
  /** May hold `*`: Lambda compares it as a pattern. */
  readonly sourceArn: string | null;
  readonly sourceAccount: string | null;
}

type Statement = Policy['Statement'][number];

/** The value of a condition whatever its operator: AWS writes `ArnLike` or `StringLike`, and keys in any case. */
function conditionOf({ Condition = {} }: Statement, key: string): string | null {
  const values = Object.values(Condition).flatMap((tests) =>
    Object.entries(tests).flatMap(([name, wanted]) => (name.toLowerCase() === key ? wanted : [])),
  );
  return values[0] ?? null;
}

const principalOf = ({ Principal = '*' }: Statement): string =>
  typeof Principal === 'string' ? Principal : Object.values(Principal).flat().join(' ');

const permissionFrom = (statement: Statement): Permission => ({
  id: statement.Sid ?? '',
  principal: principalOf(statement),
  action: (statement.Action ?? []).join(' '),
  sourceArn: conditionOf(statement, 'aws:sourcearn'),
  sourceAccount: conditionOf(statement, 'aws:sourceaccount'),
});

/** All permissions of a function, by id. A function without any has no policy at all. */
export async function readPermissions(aws: Aws, functionName: string): Promise<Permission[]> {
  const answer = await found(aws.lambda.send(new GetPolicyCommand({ FunctionName: functionName })));
  if (answer?.Policy === undefined) return [];
  const permissions = parsePolicy(answer.Policy).Statement.map(permissionFrom);
  return permissions.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Lambda gives one name to what is there already and to what must wait. */
export const isDuplicate = (error: unknown): boolean => isError(error, 'ResourceConflictException', /already exist/i);

async function add(aws: Aws, functionName: string, permission: Permission): Promise<void> {
  const { id, principal, action, sourceArn, sourceAccount } = permission;
  await created(
    aws.lambda.send(
      new AddPermissionCommand({
        FunctionName: functionName,
        StatementId: id,
        Principal: principal,
        Action: action,
        ...(sourceArn === null ? {} : { SourceArn: sourceArn }),
        ...(sourceAccount === null ? {} : { SourceAccount: sourceAccount }),
      }),
    ),
    isDuplicate,
  );
}

/** Makes a function's policy hold these permissions and no other. A statement cannot be changed, only put anew. */
export async function setPermissions(aws: Aws, functionName: string, desired: readonly Permission[]): Promise<void> {
  const live = await readPermissions(aws, functionName);
  for (const has of live) {
    if (desired.some((wanted) => isDeepStrictEqual(has, wanted))) continue;
    const remove = new RemovePermissionCommand({ FunctionName: functionName, StatementId: has.id });
    await found(aws.lambda.send(remove));
  }
  for (const wanted of desired) {
    if (!live.some((has) => isDeepStrictEqual(has, wanted))) await add(aws, functionName, wanted);
  }
}
