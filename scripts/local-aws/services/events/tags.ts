import type { EventsHandlers } from './handlers.ts';
import type { RuleBook } from './rule-book.ts';

/** Operations on the tags of rules. */
export const tagHandlers = (book: RuleBook) =>
  ({
    TagResource: ({ ResourceARN, Tags }) => {
      const { tags } = book.byArn(ResourceARN);
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
      return {};
    },

    UntagResource: ({ ResourceARN, TagKeys }) => {
      const { tags } = book.byArn(ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource: ({ ResourceARN }) => ({
      Tags: [...book.byArn(ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  }) satisfies EventsHandlers;
