import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../wire/errors.ts';
import { parseJson } from '../json.ts';
import type { EventsHandlers } from './handlers.ts';
import { placeholdersOf } from './input.ts';
import { isKnownTarget } from './invoke.ts';
import { isJsonPath } from './json-path.ts';
import { pageOf } from './page.ts';
import { type RuleBook, tooMany } from './rule-book.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const mostTargets = 5;

/** Operations on the targets of rules. */
export const targetHandlers = (book: RuleBook) =>
  ({
    PutTargets: ({ Rule, EventBusName, Targets }) => {
      const rule = book.require(Rule, EventBusName);
      for (const target of Targets) checkTarget(target);
      const ids = new Set([...rule.targets.keys(), ...Targets.map(({ Id }) => Id)]);
      if (ids.size > mostTargets) throw tooMany();
      for (const target of Targets) rule.targets.set(target.Id ?? '', target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    RemoveTargets: ({ Rule, EventBusName, Ids }) => {
      const rule = book.require(Rule, EventBusName);
      const missing = Ids.filter((id) => !rule.targets.delete(id));
      const FailedEntries = missing.map((id) => ({
        TargetId: id,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule '${rule.name}' does not have a target with the Id '${id}'.`,
      }));
      return { FailedEntryCount: missing.length, FailedEntries };
    },

    ListTargetsByRule: ({ Rule, EventBusName, Limit, NextToken }) => {
      const { page, next } = pageOf([...book.require(Rule, EventBusName).targets.values()], Limit, NextToken);
      return { Targets: page, NextToken: next };
    },
  }) satisfies EventsHandlers;

const refuse = (message: string): never => {
  throw new AwsError('ValidationException', message);
};

/** Throws what AWS answers for a target that it would not take. */
function checkTarget(target: Target): void {
  const { Id = '', Arn = '' } = target;
  const [, , service = '', , , resource = ''] = Arn.split(':');
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/s.test(Arn)) {
    refuse(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (!isKnownTarget(Arn)) {
    throw new AwsError('NotImplemented', `events targets of ${service} are not implemented by this local server`, 501);
  }
  if (service === 'batch') checkBatch(target, resource);
  checkInput(target, Id);
}

function checkBatch({ Id, Arn, RoleArn, BatchParameters }: Target, resource: string): void {
  if (!resource.startsWith('job-queue/')) {
    refuse(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (RoleArn === undefined) refuse(`RoleArn is required for target ${Arn}.`);
  if (BatchParameters === undefined) refuse(`Parameter(s) BatchParameters must be specified for target: ${Id}.`);
}

function checkInput({ Input, InputPath, InputTransformer }: Target, id: string): void {
  if ([Input, InputPath, InputTransformer].filter((input) => input !== undefined).length > 1) {
    refuse(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (Input !== undefined && parseJson(Input) === undefined) refuse(`JSON syntax error in input for target ${id}.`);
  for (const path of [InputPath ?? '$', ...Object.values(InputTransformer?.InputPathsMap ?? {})]) {
    if (!isJsonPath(path)) refuse(`Input path ${path} for target ${id} is not a valid JSONPath.`);
  }
  const variables = InputTransformer?.InputPathsMap ?? {};
  const reserved = Object.keys(variables).find((name) => /^aws/i.test(name));
  if (reserved !== undefined) refuse(`InputPathsMap for target ${id} contains reserved variable name ${reserved}.`);
  const unknown = placeholdersOf(InputTransformer?.InputTemplate ?? '').find((name) => !Object.hasOwn(variables, name));
  if (unknown !== undefined) refuse(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`);
}
