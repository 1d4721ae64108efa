import { AwsError } from '../../wire/errors.ts';
import type { Alarm } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import type { CloudWatchHandlers } from './handlers.ts';

/** Operations on the tags of alarms. */
export const tagHandlers = (book: AlarmBook) =>
  ({
    TagResource: ({ ResourceARN, Tags }) => {
      const { tags } = taggable(book, ResourceARN);
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
      return {};
    },

    UntagResource: ({ ResourceARN, TagKeys }) => {
      const { tags } = taggable(book, ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource: ({ ResourceARN }) => ({
      Tags: [...taggable(book, ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  }) satisfies CloudWatchHandlers;

function taggable(book: AlarmBook, arn: string): Alarm {
  const alarm = book.byArn(arn);
  if (alarm !== undefined) return alarm;
  const [, , , , , type = '', name = arn] = arn.split(':');
  const fields = { ResourceType: type, ResourceId: name };
  throw new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist`, 404, fields);
}
