import type { IamHandlers } from './handlers.ts';
import type { Roles } from './roles.ts';
import { addTags, listedTags } from './tags.ts';

export const roleTagHandlers = (roles: Roles): IamHandlers => ({
  TagRole({ RoleName, Tags }) {
    addTags(roles.get(RoleName).tags, Tags);
    return {};
  },
  UntagRole({ RoleName, TagKeys }) {
    const role = roles.get(RoleName);
    for (const key of TagKeys) role.tags.delete(key);
    return {};
  },
  ListRoleTags: (input) => listedTags(roles.get(input.RoleName).tags, input),
});
