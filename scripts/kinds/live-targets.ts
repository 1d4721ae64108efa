import {
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  type PutTargetsResultEntry,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { Aws } from '../aws/clients.ts';
import { found, isError } from '../aws/errors.ts';
import { settle, type Waiter } from '../aws/waiting.ts';
import { type RuleTarget, targetRequest } from './rule-target.ts';

/** Refusals that pass: EventBridge makes one change of a rule at a time. */
const passing: ReadonlySet<string | undefined> = new Set([
  'ConcurrentModificationException',
  'ThrottlingException',
  'InternalException',
]);

/** Another change of the rule is under way. */
export const isBusy = (error: unknown): boolean => isError(error, 'ConcurrentModificationException');

/** What an answer says of the targets that it failed for; the request itself has succeeded. */
type Answer = { readonly FailedEntries?: readonly PutTargetsResultEntry[] | undefined } | undefined;

interface Request {
  /** `setting targets of rule "nightly"` */
  readonly doing: string;
  readonly rule: string;
  readonly ids: readonly string[];
  send(ids: readonly string[]): Promise<Answer>;
}

async function failuresOf({ doing, send }: Request, ids: readonly string[]): Promise<readonly PutTargetsResultEntry[]> {
  try {
    const failures = (await send(ids))?.FailedEntries ?? [];
    const final = failures.filter(({ ErrorCode }) => !passing.has(ErrorCode));
    if (final.length === 0) return failures;
    throw new Error(
      `${doing}: ${final.map(({ TargetId, ErrorMessage }) => `target "${TargetId}": ${ErrorMessage}`).join('; ')}`,
    );
  } catch (error) {
    if (!isBusy(error)) throw error;
    return ids.map((TargetId) => ({ TargetId, ErrorCode: 'ConcurrentModificationException' }));
  }
}

/** PutTargets and RemoveTargets succeed also when they failed for some targets: those are sent again where that helps. */
async function untilAll(aws: Aws, waiter: Waiter, request: Request): Promise<void> {
  let left = request.ids;
  if (left.length === 0) return;
  await settle(aws.pace, waiter, {
    what: `rule "${request.rule}"`,
    read: async () => {
      const failures = await failuresOf(request, left);
      left = failures.flatMap(({ TargetId }) => TargetId ?? []);
      return failures;
    },
    pending: ([first]) => first && `busy with other changes (${first.ErrorCode})`,
  });
}

export const putTargets = (aws: Aws, rule: string, targets: readonly RuleTarget[], waiter: Waiter): Promise<void> =>
  untilAll(aws, waiter, {
    doing: `setting targets of rule "${rule}"`,
    rule,
    ids: targets.map(({ id }) => id),
    send: (ids) => {
      const Targets = targets.filter(({ id }) => ids.includes(id)).map(targetRequest);
      return aws.events.send(new PutTargetsCommand({ Rule: rule, Targets }));
    },
  });

export const removeTargets = (aws: Aws, rule: string, ids: readonly string[], waiter: Waiter): Promise<void> =>
  untilAll(aws, waiter, {
    doing: `removing targets of rule "${rule}"`,
    rule,
    ids,
    send: (Ids) => found(aws.events.send(new RemoveTargetsCommand({ Rule: rule, Ids: [...Ids] }))),
  });

/** Also those that came since the plan was made. */
export async function removeAllTargets(aws: Aws, rule: string, waiter: Waiter): Promise<void> {
  // A rule holds five targets, a page a hundred.
  const live = await found(aws.events.send(new ListTargetsByRuleCommand({ Rule: rule })));
  const ids = (live?.Targets ?? []).flatMap(({ Id }) => Id ?? []);
  await removeTargets(aws, rule, ids, waiter);
}
