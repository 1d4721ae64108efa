import { AwsError } from '../../wire/errors.ts';
import type { IamHandlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import { limitExceeded, type Roles } from './roles.ts';

/** @throws AwsError LimitExceeded or InvalidInput */
export function checkTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
  for (const key of tags.keys())
    if (key.toLowerCase().startsWith('aws:'))
      throw new AwsError('InvalidInput', `Tag keys starting with 'aws:' are reserved for system use: ${key}`);
}

export const roleTagHandlers = (roles: Roles): IamHandlers => ({
  TagRole({ RoleName, Tags }) {
    const role = roles.get(RoleName);
    const added = Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const);
    checkTags(new Map([...role.tags, ...added]));
    for (const [key, value] of added) role.tags.set(key, value);
    return {};
  },
  UntagRole({ RoleName, TagKeys }) {
    const role = roles.get(RoleName);
    for (const key of TagKeys) role.tags.delete(key);
    return {};
  },
  ListRoleTags(input) {
    const tags = [...roles.get(input.RoleName).tags].sort(([a], [b]) => (a < b ? -1 : 1));
    const { page, ...rest } = pageOf(tags, ([key]) => key, input);
    return { Tags: page.map(([Key, Value]) => ({ Key, Value })), ...rest };
  },
});
