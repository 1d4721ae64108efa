import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-scheduler';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import { settle, type Waiter } from '../aws/waiting.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';

/** It has nothing but its name: what it is for is that it carries tags, which schedules cannot. */
export interface ScheduleGroupSpec {
  readonly name: string;
}

interface LiveScheduleGroup {
  readonly name: string;
  readonly arn: string;
}

/** A schedule's name is its own within a group. */
export const scheduleName = (group: string, schedule: string): string => `${group}/${schedule}`;

const describe = (aws: Aws, Name: string) => found(aws.scheduler.send(new GetScheduleGroupCommand({ Name })));

async function read(
  aws: Aws,
  name: string,
  known: TagList | undefined,
): Promise<Observed<LiveScheduleGroup> | undefined> {
  const group = await describe(aws, name);
  // A group that is being deleted takes its schedules along, one after the other.
  if (group?.Arn === undefined || group.State === 'DELETING') return undefined;
  const live = { name, arn: group.Arn };
  if (known !== undefined) return { name, live, owner: ownerIn(known) };
  const tags = await found(aws.scheduler.send(new ListTagsForResourceCommand({ ResourceArn: group.Arn })));
  return tags === undefined ? undefined : { name, live, owner: ownerIn(tags.Tags) };
}

/** Every group that is ours or named. */
export const listScheduleGroups = (aws: Aws, names: readonly string[]): Promise<Listing<LiveScheduleGroup>> =>
  readOwned(aws, { resourceType: 'scheduler:schedule-group', before: 'schedule-group/' }, names, (name, tags) =>
    read(aws, name, tags),
  );

async function untilDeleted(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  await settle(aws.pace, waiter, {
    what: `schedule group "${name}"`,
    read: () => describe(aws, name),
    pending: (group) => (group?.State === 'DELETING' ? group.State : undefined),
  });
}

/** Scheduler has one name for what is there already and for what another call is changing. */
export const isConflict = (error: unknown): boolean => isError(error, 'ConflictException', /already exists/i);

/** A group of EventBridge Scheduler. Its schedules go with it. */
export const scheduleGroupKind = (aws: Aws): ResourceKind<ScheduleGroupSpec, LiveScheduleGroup> => ({
  kind: 'schedule-group',
  immutable: [],
  references: () => [],
  list: (names) => listScheduleGroups(aws, names),
  toSpec: ({ name }) => ({ name }),
  create: async (desired, step) => {
    await untilDeleted(aws, desired.name, step);
    const request = new CreateScheduleGroupCommand({ Name: desired.name, Tags: ownerTagList(aws) });
    await created(aws.scheduler.send(request), isConflict);
  },
  // It has no field that could differ.
  update: async () => {},
  delete: async ({ name }, step) => {
    await found(aws.scheduler.send(new DeleteScheduleGroupCommand({ Name: name })));
    await untilDeleted(aws, name, step);
  },
  adopt: ({ arn }) => adopt(aws, arn),
});
