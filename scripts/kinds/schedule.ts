import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  type DescribeRuleResponse,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import type { Aws } from '../aws/clients.ts';
import { found } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, Observed, ResourceKind, ResourceRef, Value } from '../reconcile/kind.ts';
import { plain } from '../reconcile/value.ts';
import { nameInArn } from './arn.ts';

export interface ScheduleTarget {
  readonly id: string;
  readonly arn: string;
  /** What the target gets, the text `<name>` standing for a value of `paths`; `null` for the plain event. */
  readonly input: Value;
  /** JSON paths into the event, by the names used in the input; with none of them the input is a constant. */
  readonly paths: Readonly<Record<string, string>>;
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn: string | null;
}

export interface ScheduleSpec {
  readonly name: string;
  readonly description: string;
  /** `cron(…)` or `rate(…)`, in UTC. */
  readonly expression: string;
  readonly state: 'ENABLED' | 'DISABLED';
  /** All targets, sorted by id: one that somebody added runs everything twice. */
  readonly targets: readonly ScheduleTarget[];
}

interface LiveSchedule {
  readonly rule: DescribeRuleResponse;
  readonly targets: readonly Target[];
}

/** Placeholders stand bare in a template, which makes it no JSON: each becomes a text. One inside a text is part of it. */
const quoted = (template: string): string =>
  template.replace(/"(?:[^"\\]|\\.)*"|<[\w.-]+>/g, (part) => (part.startsWith('<') ? JSON.stringify(part) : part));

/** What stands for a whole value goes bare: EventBridge puts quotes around a text by itself. */
const template = (input: Value): string => JSON.stringify(input).replace(/"(<[\w.-]+>)"/g, '$1');

/** An input set by hand need not be JSON; then it is compared as the text it is. */
function parsed(text: string): Value {
  try {
    return plain(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function inputOf({ Input, InputTransformer }: Target): Value {
  if (InputTransformer?.InputTemplate !== undefined) return parsed(quoted(InputTransformer.InputTemplate));
  return Input === undefined ? null : parsed(Input);
}

const targetOf = (target: Target): ScheduleTarget => ({
  id: target.Id ?? '',
  arn: target.Arn ?? '',
  input: inputOf(target),
  paths: target.InputTransformer?.InputPathsMap ?? {},
  // AWS's own defaults, where the target has no policy.
  retries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
  maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
  deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
});

const toSpec = ({ rule, targets }: LiveSchedule): ScheduleSpec => ({
  name: rule.Name ?? '',
  description: rule.Description ?? '',
  expression: rule.ScheduleExpression ?? '',
  state: rule.State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
  targets: targets.map(targetOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
});

async function read(aws: Aws, name: string): Promise<Observed<LiveSchedule> | undefined> {
  // The ARN of a rule on another bus ends in BUS/NAME; schedules are on the default bus only.
  if (name.includes('/')) return undefined;
  const rule = await found(aws.events.send(new DescribeRuleCommand({ Name: name })));
  if (rule === undefined) return undefined;
  // A rule holds five targets, a page a hundred.
  const [targets, tags] = await Promise.all([
    found(aws.events.send(new ListTargetsByRuleCommand({ Rule: name }))),
    found(aws.events.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }))),
  ]);
  if (targets === undefined || tags === undefined) return undefined;
  return { name, live: { rule, targets: targets.Targets ?? [] }, owner: ownerIn(tags.Tags) };
}

/** PutRule forgets what it is not told, so it is always told everything. Tags count when it creates, and only then. */
async function putRule(aws: Aws, { name, description, expression, state }: ScheduleSpec): Promise<void> {
  await aws.events.send(
    new PutRuleCommand({
      Name: name,
      ...(description === '' ? {} : { Description: description }),
      ScheduleExpression: expression,
      State: state,
      Tags: ownerTagList(aws),
    }),
  );
}

function requestedInput({ input, paths }: ScheduleTarget): Pick<Target, 'Input' | 'InputTransformer'> {
  if (input === null) return {};
  if (Object.keys(paths).length === 0) return { Input: JSON.stringify(input) };
  return { InputTransformer: { InputTemplate: template(input), InputPathsMap: { ...paths } } };
}

const requestFor = (target: ScheduleTarget): Target => ({
  Id: target.id,
  Arn: target.arn,
  ...requestedInput(target),
  RetryPolicy: { MaximumRetryAttempts: target.retries, MaximumEventAgeInSeconds: target.maximumAgeSeconds },
  ...(target.deadLetterArn === null ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
});

interface PartialAnswer {
  readonly FailedEntryCount?: number | undefined;
  readonly FailedEntries?:
    | readonly { readonly TargetId?: string | undefined; readonly ErrorMessage?: string | undefined }[]
    | undefined;
}

/** PutTargets and RemoveTargets succeed also when they failed for some targets. */
function assertAll(doing: string, { FailedEntryCount = 0, FailedEntries = [] }: PartialAnswer): void {
  if (FailedEntryCount === 0) return;
  const failures = FailedEntries.map(({ TargetId, ErrorMessage }) => `target "${TargetId}": ${ErrorMessage}`);
  throw new Error(`${doing}: ${failures.join('; ')}`);
}

async function putTargets(aws: Aws, { name, targets }: ScheduleSpec): Promise<void> {
  if (targets.length === 0) return;
  const Targets = targets.map(requestFor);
  assertAll(`setting targets of rule "${name}"`, await aws.events.send(new PutTargetsCommand({ Rule: name, Targets })));
}

async function removeTargets(aws: Aws, name: string, Ids: string[]): Promise<void> {
  if (Ids.length === 0) return;
  const answer = await found(aws.events.send(new RemoveTargetsCommand({ Rule: name, Ids })));
  if (answer !== undefined) assertAll(`removing targets of rule "${name}"`, answer);
}

/** Targets first when a rule starts to fire, so that it fires at nothing else. */
async function update(aws: Aws, { targets }: LiveSchedule, desired: ScheduleSpec, fields: readonly FieldDiff[]) {
  const changed = changedFields(fields);
  if (changed.has('targets')) {
    const unwanted = targets.flatMap(({ Id = '' }) => (desired.targets.some(({ id }) => id === Id) ? [] : [Id]));
    await removeTargets(aws, desired.name, unwanted);
    await putTargets(aws, desired);
  }
  if (['description', 'expression', 'state'].some((field) => changed.has(field))) await putRule(aws, desired);
}

const Submission = z.object({ jobQueue: z.string(), jobDefinition: z.string() });

/** What a target submits to: it must be there before the rule fires. */
function submittedTo({ input }: ScheduleTarget): ResourceRef[] {
  const { success, data } = Submission.safeParse(input);
  if (!success) return [];
  return [
    { kind: 'job-queue', name: data.jobQueue },
    { kind: 'job-definition', name: data.jobDefinition },
  ];
}

const targetReferences = (target: ScheduleTarget): ResourceRef[] => [
  { kind: 'function', name: nameInArn(target.arn) },
  ...(target.deadLetterArn === null ? [] : [{ kind: 'dead-letter-queue', name: nameInArn(target.deadLetterArn) }]),
  ...submittedTo(target),
];

/** An EventBridge rule on a schedule, with its targets. */
export const scheduleKind = (aws: Aws): ResourceKind<ScheduleSpec, LiveSchedule> => ({
  kind: 'schedule',
  immutable: [],
  references: ({ targets }) => targets.flatMap(targetReferences),
  list: (names) => readOwned(aws, { resourceType: 'events:rule', before: 'rule/' }, names, (name) => read(aws, name)),
  toSpec,
  create: async (desired) => {
    await putRule(aws, desired);
    await putTargets(aws, desired);
  },
  update: (live, desired, fields) => update(aws, live, desired, fields),
  delete: async ({ rule: { Name = '' }, targets }) => {
    await removeTargets(
      aws,
      Name,
      targets.flatMap(({ Id }) => Id ?? []),
    );
    await found(aws.events.send(new DeleteRuleCommand({ Name })));
  },
  adopt: ({ rule: { Arn = '' } }) => adopt(aws, Arn),
});
