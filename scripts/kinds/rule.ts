import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  type Rule,
  type RuleState,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { type Bulk, inBulk, pagesOf } from '../aws/bulk.ts';
import type { Aws } from '../aws/clients.ts';
import { found, isError } from '../aws/errors.ts';
import {
  adopt,
  isProtectedBy,
  namesOfProtected,
  ownerIn,
  ownerTagList,
  readOwned,
  setProtection,
  upToDate,
} from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { Listing, Observed, ResourceKind, Value } from '../reconcile/kind.ts';
import { isBusy, putTargets, removeAllTargets, removeTargets } from './live-targets.ts';
import { type RuleTarget, targetOf, targetReferences } from './rule-target.ts';
import { scheduleName } from './schedule-group.ts';
import { parsedJson } from './target-input.ts';

export interface RuleSpec {
  readonly name: string;
  readonly protect: boolean;
  readonly description: string;
  /** `cron(…)` or `rate(…)`, in UTC; `null` for a rule on events only. */
  readonly expression: string | null;
  /** Which events; `null` for a rule on time only. */
  readonly pattern: Value;
  readonly state: RuleState;
  /** What the rule as a whole acts as; ours has none, its targets have. */
  readonly roleArn: string | null;
  /** All targets, sorted by id: one that somebody added runs everything twice. */
  readonly targets: readonly RuleTarget[];
}

interface LiveRule {
  readonly rule: Rule;
  readonly protect: boolean;
  readonly targets: readonly Target[];
}

const toSpec = ({ rule, protect, targets }: LiveRule): RuleSpec => ({
  name: rule.Name ?? '',
  protect,
  description: rule.Description ?? '',
  expression: rule.ScheduleExpression ?? null,
  pattern: rule.EventPattern === undefined ? null : parsedJson(rule.EventPattern),
  state: rule.State ?? 'ENABLED',
  roleArn: rule.RoleArn ?? null,
  targets: targets.map(targetOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
});

/** All rules of the default bus, a hundred a page. On another bus there is none of ours. */
const listRules = (aws: Aws): Promise<Bulk<Rule>> =>
  inBulk(aws, {
    doing: 'listing rules',
    pages: pagesOf(
      (NextToken) => aws.events.send(new ListRulesCommand({ Limit: 100, NextToken })),
      ({ NextToken }) => NextToken,
    ),
    items: ({ Rules }) => Rules,
    nameOf: ({ Name }) => Name,
  });

async function tagsOf(aws: Aws, { Arn }: Rule): Promise<TagList | undefined> {
  const answer = await found(aws.events.send(new ListTagsForResourceCommand({ ResourceARN: Arn })));
  return answer && (answer.Tags ?? []);
}

/** AWS lists targets rule by rule only. */
async function read(
  aws: Aws,
  name: string,
  listed: Rule | undefined,
  known: TagList | undefined,
): Promise<Observed<LiveRule> | undefined> {
  // The ARN of a rule on another bus ends in BUS/NAME.
  if (name.includes('/')) return undefined;
  const rule = listed ?? (await found(aws.events.send(new DescribeRuleCommand({ Name: name }))));
  if (rule === undefined) return undefined;
  // A rule holds five targets, a page a hundred.
  const [targets, tags] = await Promise.all([
    found(aws.events.send(new ListTargetsByRuleCommand({ Rule: name }))),
    known ?? tagsOf(aws, rule),
  ]);
  if (targets === undefined || tags === undefined) return undefined;
  const live = { rule, protect: isProtectedBy(tags), targets: targets.Targets ?? [] };
  return { name, live, owner: ownerIn(tags) };
}

async function list(
  aws: Aws,
  names: readonly string[],
  protectedNames: ReadonlySet<string>,
): Promise<Listing<LiveRule>> {
  const { byName, refused } = await listRules(aws);
  const taggable = { resourceType: 'events:rule', before: 'rule/' } as const;
  const listed = await readOwned(aws, taggable, names, (name, tags) =>
    read(aws, name, byName.get(name), upToDate(tags, protectedNames.has(name))),
  );
  return refused === undefined ? { ...listed, total: byName.size } : listed;
}

/** A read of targets may be late: of what it left behind, DeleteRule knows. */
const passing = (error: unknown): string | undefined => {
  if (isError(error, 'ValidationException', /has targets/i)) return 'still said to have targets';
  return isBusy(error) ? 'busy with another change' : undefined;
};

const patiently = (aws: Aws, name: string, waiter: Waiter, attempt: () => Promise<unknown>): Promise<unknown> =>
  persist(aws.pace, waiter, { what: `rule "${name}"`, attempt, transient: passing });

/** PutRule forgets what it is not told, so it is always told everything. Tags count when it creates, and only then. */
async function putRule(aws: Aws, rule: RuleSpec, waiter: Waiter): Promise<void> {
  const command = new PutRuleCommand({
    Name: rule.name,
    ...(rule.description === '' ? {} : { Description: rule.description }),
    ...(rule.expression === null ? {} : { ScheduleExpression: rule.expression }),
    ...(rule.pattern === null ? {} : { EventPattern: JSON.stringify(rule.pattern) }),
    ...(rule.roleArn === null ? {} : { RoleArn: rule.roleArn }),
    State: rule.state,
    Tags: ownerTagList(aws, rule),
  });
  await patiently(aws, rule.name, waiter, () => aws.events.send(command));
}

const ruleFields = ['description', 'expression', 'pattern', 'state', 'roleArn'] as const satisfies (keyof RuleSpec)[];

/** Targets first when a rule starts to fire, so that it fires at nothing else. */
async function update(
  aws: Aws,
  live: LiveRule,
  desired: RuleSpec,
  changed: ReadonlySet<string>,
  waiter: Waiter,
): Promise<void> {
  if (changed.has('targets')) {
    const unwanted = live.targets.flatMap(({ Id = '' }) => (desired.targets.some(({ id }) => id === Id) ? [] : [Id]));
    await removeTargets(aws, desired.name, unwanted, waiter);
    await putTargets(aws, desired.name, desired.targets, waiter);
  }
  if (ruleFields.some((field) => changed.has(field))) await putRule(aws, desired, waiter);
  if (changed.has('protect')) await setProtection(aws, live.rule.Arn ?? '', desired.protect);
}

/** AWS deletes a rule without targets only. */
async function remove(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  await patiently(aws, name, waiter, async () => {
    await removeAllTargets(aws, name, waiter);
    await found(aws.events.send(new DeleteRuleCommand({ Name: name })));
  });
}

/**
 * An EventBridge rule, on time in UTC or on events, with its targets. It takes the place of the schedule of its name in
 * `scheduleGroup` when an entry of config loses its time zone. `desired` says which are to be protected.
 */
export const ruleKind = (
  aws: Aws,
  scheduleGroup?: string,
  desired: readonly RuleSpec[] = [],
): ResourceKind<RuleSpec, LiveRule> => ({
  kind: 'rule',
  immutable: [],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  quota: { most: 300, what: 'rules of EventBridge' },
  references: ({ targets }) => targets.flatMap(targetReferences),
  replaces: ({ name }) =>
    scheduleGroup === undefined ? [] : [{ kind: 'schedule', name: scheduleName(scheduleGroup, name) }],
  list: (names) => list(aws, names, namesOfProtected(desired)),
  toSpec,
  create: async (desired, step) => {
    await putRule(aws, desired, step);
    await putTargets(aws, desired.name, desired.targets, step);
  },
  update: (live, desired, fields, step) => update(aws, live, desired, changedFields(fields), step),
  delete: ({ rule: { Name = '' } }, step) => remove(aws, Name, step),
  adopt: ({ rule: { Arn = '' } }) => adopt(aws, Arn),
});
