import type * as Scheduler from '@aws-sdk/client-scheduler';
import { arnIn, creating, type Need, type Needs, passRole, type Site, tagging } from '../need.ts';

interface Named {
  readonly Name: string;
  readonly GroupName?: string | undefined;
}

const onSchedule =
  (action: string) =>
  ({ Name, GroupName = 'default' }: Named, site: Site): readonly Need[] => [
    { action: `scheduler:${action}`, resource: arnIn(site, 'scheduler', `schedule/${GroupName}/${Name}`) },
  ];

/** A schedule is delivered as its target's role. */
const writing =
  (action: string) =>
  (input: Named & { readonly Target: { readonly RoleArn: string | undefined } }, site: Site): readonly Need[] => [
    ...onSchedule(action)(input, site),
    ...passRole(input.Target.RoleArn, 'scheduler.amazonaws.com'),
  ];

const groupArn = (site: Site, name: string): string => arnIn(site, 'scheduler', `schedule-group/${name}`);
const onGroup =
  (action: string) =>
  ({ Name }: { readonly Name: string }, site: Site): readonly Need[] => [
    { action: `scheduler:${action}`, resource: groupArn(site, Name) },
  ];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
export const schedulerNeeds: Needs<typeof Scheduler> = {
  CreateSchedule: writing('CreateSchedule'),
  CreateScheduleGroup: ({ Name, Tags }, site) =>
    creating('scheduler:CreateScheduleGroup', 'scheduler:TagResource', groupArn(site, Name), Tags),
  DeleteSchedule: onSchedule('DeleteSchedule'),
  DeleteScheduleGroup: onGroup('DeleteScheduleGroup'),
  GetSchedule: onSchedule('GetSchedule'),
  GetScheduleGroup: onGroup('GetScheduleGroup'),
  // They have no resource-level permissions.
  ListScheduleGroups: () => [{ action: 'scheduler:ListScheduleGroups', resource: '*' }],
  ListSchedules: () => [{ action: 'scheduler:ListSchedules', resource: '*' }],
  ListTagsForResource: ({ ResourceArn }) => [{ action: 'scheduler:ListTagsForResource', resource: ResourceArn }],
  TagResource: ({ ResourceArn, Tags }) => tagging('scheduler:TagResource', ResourceArn, Tags),
  UntagResource: ({ ResourceArn }) => [{ action: 'scheduler:UntagResource', resource: ResourceArn }],
  UpdateSchedule: writing('UpdateSchedule'),
};
