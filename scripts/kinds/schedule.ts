import {
  type ActionAfterCompletion,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  type ScheduleState,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { created, found, isError } from '../aws/errors.ts';
import { oursOrNamed } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import { nextFire, parseAt } from '../cron/schedule.ts';
import type { Listing, Observed, Remaining, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { targetReferences } from './rule-target.ts';
import { isConflict, listScheduleGroups, scheduleName } from './schedule-group.ts';
import { type ScheduleTarget, scheduleTargetOf, scheduleTargetRequest } from './schedule-target.ts';

export interface ScheduleSpec {
  /** `GROUP/NAME` */
  readonly name: string;
  readonly protect: boolean;
  readonly description: string;
  /** `cron(…)`, `rate(…)` or `at(…)`, on the clocks of the time zone. */
  readonly expression: string;
  readonly timezone: string;
  /** ISO 8601; `null` without one, or when it has passed: Scheduler takes no start in the past. */
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly state: ScheduleState;
  /** Minutes after its time within which it fires; `null` fires at its time. */
  readonly flexibleWindow: number | null;
  readonly afterCompletion: ActionAfterCompletion;
  readonly kmsKeyArn: string | null;
  readonly target: ScheduleTarget;
}

interface LiveSchedule {
  readonly name: string;
  readonly schedule: GetScheduleCommandOutput;
}

/** Schedules take no tags: that one is protected stands where people see it too. */
const protection = '[protected] ';

const partsOf = (name: string): { readonly GroupName: string; readonly Name: string } => {
  const slash = name.indexOf('/');
  return { GroupName: name.slice(0, slash), Name: name.slice(slash + 1) };
};

function ahead(date: Date | undefined, now: Date): string | null {
  return date === undefined || date <= now ? null : date.toISOString();
}

function toSpec({ name, schedule }: LiveSchedule, now: Date): ScheduleSpec {
  const { Description: description = '', FlexibleTimeWindow: window } = schedule;
  const protect = description.startsWith(protection);
  return {
    name,
    protect,
    description: protect ? description.slice(protection.length) : description,
    expression: schedule.ScheduleExpression ?? '',
    timezone: schedule.ScheduleExpressionTimezone ?? 'UTC',
    startDate: ahead(schedule.StartDate, now),
    endDate: schedule.EndDate?.toISOString() ?? null,
    state: schedule.State ?? 'ENABLED',
    flexibleWindow: window?.Mode === 'FLEXIBLE' ? (window.MaximumWindowInMinutes ?? null) : null,
    afterCompletion: schedule.ActionAfterCompletion ?? 'NONE',
    kmsKeyArn: schedule.KmsKeyArn ?? null,
    target: scheduleTargetOf(schedule.Target ?? {}),
  };
}

/** A one-time schedule whose time has passed, or any after its end, fires no more; Scheduler would not even take it. */
function remaining(spec: ScheduleSpec, now: Date): Remaining<ScheduleSpec> {
  const { expression, timezone, startDate, endDate } = spec;
  const [, time] = /^at\((.*)\)$/.exec(expression) ?? [];
  if (time !== undefined && nextFire(parseAt(time), now, timezone) === undefined)
    return { over: `its time, ${time} in ${timezone}, has passed; take it out of config, or give it another time` };
  if (endDate !== null && new Date(endDate) <= now)
    return { over: `its end, ${endDate}, has passed; take it out of config, or give it another end` };
  return { spec: { ...spec, startDate: ahead(startDate === null ? undefined : new Date(startDate), now) } };
}

/** Create and update are told the same: what an update leaves out is AWS's default again. */
const requestFor = (spec: ScheduleSpec): CreateScheduleCommandInput => ({
  ...partsOf(spec.name),
  ...(spec.protect || spec.description !== ''
    ? { Description: `${spec.protect ? protection : ''}${spec.description}` }
    : {}),
  ScheduleExpression: spec.expression,
  ScheduleExpressionTimezone: spec.timezone,
  ...(spec.startDate === null ? {} : { StartDate: new Date(spec.startDate) }),
  ...(spec.endDate === null ? {} : { EndDate: new Date(spec.endDate) }),
  State: spec.state,
  FlexibleTimeWindow:
    spec.flexibleWindow === null ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: spec.flexibleWindow },
  ActionAfterCompletion: spec.afterCompletion,
  ...(spec.kmsKeyArn === null ? {} : { KmsKeyArn: spec.kmsKeyArn }),
  Target: scheduleTargetRequest(spec.target),
});

async function namesIn(aws: Aws, GroupName: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListSchedules({ client: aws.scheduler }, { GroupName, MaxResults: 100 })) {
    aws.signal.throwIfAborted();
    names.push(...(page.Schedules ?? []).flatMap(({ Name }) => Name ?? []));
  }
  return names;
}

async function read(aws: Aws, name: string, owner: string | undefined): Promise<Observed<LiveSchedule>[]> {
  const schedule = await found(aws.scheduler.send(new GetScheduleCommand(partsOf(name))));
  return schedule === undefined ? [] : [{ name, live: { name, schedule }, owner }];
}

/** A schedule belongs to its group: every one in a group of ours is ours. Their targets do not come in bulk. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveSchedule>> {
  const groupNames = [...new Set(names.filter((name) => name.includes('/')).map((name) => partsOf(name).GroupName))];
  const { observed: groups, unseen } = await listScheduleGroups(aws, groupNames);
  const owners = new Map(groups.map(({ name, owner }) => [name, owner]));
  const listed = await mapConcurrently(groups, atOnce, async ({ name: group }) =>
    ((await found(namesIn(aws, group))) ?? []).map((schedule) => scheduleName(group, schedule)),
  );
  // One that was just made may not be listed yet.
  const candidates = [...new Set([...listed.flat(), ...names])].filter((name) => owners.has(partsOf(name).GroupName));
  const all = await mapConcurrently(candidates, atOnce, (name) => {
    aws.signal.throwIfAborted();
    return read(aws, name, owners.get(partsOf(name).GroupName));
  });
  const { observed } = oursOrNamed(aws, names, all.flat());
  return { observed, unseen };
}

/** A role and a group that were just made are not known everywhere at once. */
function passing(error: unknown): string | undefined {
  if (isError(error, 'ValidationException', /must allow AWS EventBridge Scheduler to assume the role/))
    return 'waiting for its role';
  return isError(error, 'ResourceNotFoundException', /group/i) ? 'waiting for its group' : undefined;
}

async function put(aws: Aws, { name }: ScheduleSpec, waiter: Waiter, attempt: () => Promise<unknown>): Promise<void> {
  await persist(aws.pace, waiter, { what: `schedule "${name}"`, attempt, transient: passing });
}

/**
 * A schedule of EventBridge Scheduler, in a group of ours: on the clocks of a time zone, once, or within a window. It
 * takes the place of the rule of its name when an entry of config gets a time zone. Should both fire in the minute in
 * which both are there, their jobs have one name, and schedule-to-batch submits one.
 */
export const scheduleKind = (aws: Aws, now = () => new Date()): ResourceKind<ScheduleSpec, LiveSchedule> => ({
  kind: 'schedule',
  immutable: [],
  references: ({ name, target }) => [
    { kind: 'schedule-group', name: partsOf(name).GroupName },
    { kind: 'role', name: nameInArn(target.roleArn) },
    ...targetReferences(target),
  ],
  replaces: ({ name }) => [{ kind: 'rule', name: partsOf(name).Name }],
  remaining: (spec) => remaining(spec, now()),
  list: (names) => list(aws, names),
  toSpec: (live) => toSpec(live, now()),
  create: (desired, step) =>
    put(aws, desired, step, () =>
      created(aws.scheduler.send(new CreateScheduleCommand(requestFor(desired))), isConflict),
    ),
  update: (_live, desired, _fields, step) =>
    put(aws, desired, step, () => aws.scheduler.send(new UpdateScheduleCommand(requestFor(desired)))),
  delete: async ({ name }) => {
    await found(aws.scheduler.send(new DeleteScheduleCommand(partsOf(name))));
  },
});
