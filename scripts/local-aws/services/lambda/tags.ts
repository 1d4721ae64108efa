import type { FunctionStore } from './function.ts';
import type { LambdaHandlers } from './handlers.ts';
import { invalid } from './settings.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
const mostTags = 50;

export const tagHandlers = (functions: FunctionStore) =>
  ({
    TagResource(input) {
      const { tags } = functions.get(input.Resource);
      const names = new Set([...tags.keys(), ...Object.keys(input.Tags)]);
      if (names.size > mostTags) throw invalid(`The number of tags exceeds the limit of ${mostTags}`);
      for (const [key, value] of Object.entries(input.Tags)) tags.set(key, value);
      return {};
    },
    UntagResource(input) {
      const { tags } = functions.get(input.Resource);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },
    ListTags: (input) => ({ Tags: Object.fromEntries(functions.get(input.Resource).tags) }),
  }) satisfies LambdaHandlers;
