import type { Tag } from '@aws-sdk/client-iam';
import { AwsError } from '../../wire/errors.ts';
import { type PageRequest, pageOf } from './paging.ts';
import { limitExceeded } from './roles.ts';

/** @throws AwsError LimitExceeded or InvalidInput */
function checkTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
  for (const key of tags.keys())
    if (key.toLowerCase().startsWith('aws:'))
      throw new AwsError('InvalidInput', `Tag keys starting with 'aws:' are reserved for system use: ${key}`);
}

/** The tags that something is created with. Throws as `addTags` does. */
export function tagsFrom(given: readonly Tag[] = []): Map<string, string> {
  const tags = new Map<string, string>();
  addTags(tags, given);
  return tags;
}

/** Adds all tags or none. @throws AwsError LimitExceeded or InvalidInput */
export function addTags(tags: Map<string, string>, given: readonly Tag[]): void {
  const added = given.map(({ Key = '', Value = '' }) => [Key, Value] as const);
  checkTags(new Map([...tags, ...added]));
  for (const [key, value] of added) tags.set(key, value);
}

/** `undefined` where there are none: IAM leaves the member out then. */
export const tagMembers = (tags: ReadonlyMap<string, string>) =>
  tags.size === 0 ? undefined : [...tags].map(([Key, Value]) => ({ Key, Value }));

export function listedTags(tags: ReadonlyMap<string, string>, request: PageRequest) {
  const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  const { page, ...rest } = pageOf(sorted, ([key]) => key, request);
  return { Tags: page.map(([Key, Value]) => ({ Key, Value })), ...rest };
}
