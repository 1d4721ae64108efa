import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { conflict, invalid, type SchedulerHandlers } from './handlers.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleBook } from './schedule-book.ts';
import { settingsOf } from './settings.ts';

/** Operations on schedules. `plan` is told of each whose times or state may be others now. */
export const scheduleHandlers = (world: World, book: ScheduleBook, plan: (schedule: Schedule) => void) =>
  ({
    CreateSchedule: ({ Name, GroupName, ClientToken: clientToken, ...input }) => {
      const existing = book.find(Name, GroupName);
      if (existing !== undefined && clientToken !== undefined && existing.clientToken === clientToken)
        return { ScheduleArn: existing.arn };
      if (existing !== undefined) throw conflict(`Schedule ${Name}`);
      book.requireActive(GroupName);
      const schedule = book.add(Name, GroupName, { settings: settingsOf(world, input), clientToken });
      plan(schedule);
      return { ScheduleArn: schedule.arn };
    },

    UpdateSchedule: ({ Name, GroupName, ...input }) => {
      const schedule = book.require(Name, GroupName);
      book.requireActive(GroupName);
      const before = schedule.settings;
      schedule.settings = settingsOf(world, input);
      schedule.modified = new Date(world.clock.now());
      // A rate that stays what it was keeps its rhythm.
      if (before.expression !== schedule.settings.expression) schedule.since = world.clock.now();
      plan(schedule);
      return { ScheduleArn: schedule.arn };
    },

    GetSchedule: ({ Name, GroupName }) => describe(book.require(Name, GroupName)),

    DeleteSchedule: ({ Name, GroupName }) => {
      book.delete(book.require(Name, GroupName));
      return {};
    },

    ListSchedules: ({ GroupName, NamePrefix = '', State, MaxResults, NextToken }) => {
      const found = book
        .schedules(GroupName)
        .filter(({ name, settings }) => name.startsWith(NamePrefix) && (State ?? settings.state) === settings.state);
      const { page, next } = pageOf(found, MaxResults, NextToken, invalid('Invalid NextToken provided.'));
      return { Schedules: page.map(summarize), NextToken: next };
    },
  }) satisfies SchedulerHandlers;

const identify = ({ name, group, arn, created, modified, settings }: Schedule) => ({
  Name: name,
  GroupName: group,
  Arn: arn,
  CreationDate: created,
  LastModificationDate: modified,
  State: settings.state,
});

const summarize = (schedule: Schedule) => ({
  ...identify(schedule),
  Target: { Arn: schedule.settings.target.Arn },
});

const describe = (schedule: Schedule) => ({
  ...identify(schedule),
  ScheduleExpression: schedule.settings.expression,
  ScheduleExpressionTimezone: schedule.settings.timezone,
  StartDate: schedule.settings.startDate,
  EndDate: schedule.settings.endDate,
  Description: schedule.settings.description,
  KmsKeyArn: schedule.settings.kmsKeyArn,
  ActionAfterCompletion: schedule.settings.actionAfterCompletion,
  FlexibleTimeWindow: schedule.settings.flexibleTimeWindow,
  Target: schedule.settings.target,
});
