import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import type { Value } from '../reconcile/kind.ts';
import { type Fields, isFields } from '../reconcile/value.ts';

type Tags = Readonly<Record<string, string>>;

/** Those that people gave: neither baton's nor AWS's own. */
export const givenTags = (tags: Tags | undefined = {}): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !/^(baton|aws):/.test(name)));

const tagsIn = ({ tags }: Fields): Tags =>
  isFields(tags) ? Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)])) : {};

/** Makes the tags that people gave a resource those of `desired`. */
export async function retag(aws: Aws, resourceArn: string, live: Fields, desired: Fields): Promise<void> {
  const tags = tagsIn(desired);
  const tagKeys = Object.keys(tagsIn(live)).filter((name) => !Object.hasOwn(tags, name));
  if (tagKeys.length > 0) await aws.batch.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  if (Object.keys(tags).length > 0) await aws.batch.send(new TagResourceCommand({ resourceArn, tags }));
}

/** The fields with our tags beside those that people gave. */
export const taggedWith = (fields: Fields, ours: Tags): Readonly<Record<string, Value | undefined>> => ({
  ...fields,
  tags: { ...tagsIn(fields), ...ours },
});
