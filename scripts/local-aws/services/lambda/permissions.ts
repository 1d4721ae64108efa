import type { AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { type FunctionStore, requireRevision } from './function.ts';
import type { LambdaHandlers } from './handlers.ts';
import { policyText, requireFitting, type Statement } from './policy-document.ts';

/** The function's own policy: who may invoke it. */
export function permissionHandlers(world: World, functions: FunctionStore) {
  return {
    AddPermission(input) {
      const found = functions.get(input.FunctionName);
      requireRevision(found, input.RevisionId);
      if (found.statements.has(input.StatementId))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          409,
        );
      const statement = statementOf(input, found.deployment.functionArn, world.partition);
      requireFitting([...found.statements.values(), statement]);
      found.statements.set(statement.Sid, statement);
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission(input) {
      const found = functions.get(input.FunctionName);
      requireRevision(found, input.RevisionId);
      if (!found.statements.delete(input.StatementId))
        throw new AwsError(
          'ResourceNotFoundException',
          `Statement ${input.StatementId} is not found in resource policy.`,
          404,
        );
      return {};
    },
    GetPolicy(input) {
      const found = functions.get(input.FunctionName);
      if (found.statements.size === 0)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      return { Policy: policyText(found.statements.values()), RevisionId: found.revisionId };
    },
  } satisfies LambdaHandlers;
}

function statementOf(
  input: Pick<AddPermissionCommandInput, 'StatementId' | 'Action' | 'Principal' | 'SourceArn' | 'SourceAccount'>,
  functionArn: string,
  partition: string,
): Statement {
  const { StatementId = '', Action = '', Principal = '', SourceArn, SourceAccount } = input;
  const hasCondition = SourceArn !== undefined || SourceAccount !== undefined;
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: principalOf(Principal, partition),
    Action,
    Resource: functionArn,
    ...(hasCondition && {
      Condition: {
        ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
        ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      },
    }),
  };
}

function principalOf(principal: string, partition: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (/\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:${partition}:iam::${principal}:root` : principal };
}
