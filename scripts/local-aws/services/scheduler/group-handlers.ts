import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { invalid, type SchedulerHandlers } from './handlers.ts';
import type { ScheduleGroup } from './schedule.ts';
import type { ScheduleBook } from './schedule-book.ts';

/** Operations on schedule groups, which alone have tags: schedules have none. */
export const groupHandlers = (world: World, book: ScheduleBook) =>
  ({
    CreateScheduleGroup: ({ Name, Tags = [], ClientToken }) => {
      const tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      return { ScheduleGroupArn: book.addGroup(Name, tags, ClientToken).arn };
    },

    GetScheduleGroup: ({ Name }) => describe(book.group(Name)),

    ListScheduleGroups: ({ NamePrefix = '', MaxResults, NextToken }) => {
      const found = book.groups().filter(({ name }) => name.startsWith(NamePrefix));
      const { page, next } = pageOf(found, MaxResults, NextToken, invalid('Invalid NextToken provided.'));
      return { ScheduleGroups: page.map(describe), NextToken: next };
    },

    DeleteScheduleGroup: ({ Name }) => {
      book.deleteGroup(book.group(Name));
      return {};
    },

    TagResource: ({ ResourceArn, Tags }) => {
      const group = book.groupByArn(ResourceArn);
      for (const { Key = '', Value = '' } of Tags) group.tags.set(Key, Value);
      group.modified = new Date(world.clock.now());
      return {};
    },

    UntagResource: ({ ResourceArn, TagKeys }) => {
      const group = book.groupByArn(ResourceArn);
      for (const key of TagKeys) group.tags.delete(key);
      group.modified = new Date(world.clock.now());
      return {};
    },

    ListTagsForResource: ({ ResourceArn }) => ({
      Tags: [...book.groupByArn(ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  }) satisfies SchedulerHandlers;

const describe = ({ name, arn, state, created, modified }: ScheduleGroup) => ({
  Name: name,
  Arn: arn,
  State: state,
  CreationDate: created,
  LastModificationDate: modified,
});
