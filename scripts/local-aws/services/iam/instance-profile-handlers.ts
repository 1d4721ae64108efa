import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { IamHandlers } from './handlers.ts';
import type { InstanceProfile, InstanceProfiles } from './instance-profiles.ts';
import { pageOf } from './paging.ts';
import { summary } from './role-handlers.ts';
import { limitExceeded, noSuchEntity, type Roles } from './roles.ts';
import { addTags, listedTags, tagMembers, tagsFrom } from './tags.ts';
import { uniqueId } from './unique-id.ts';

/** A profile as a list shows it; only GetInstanceProfile and CreateInstanceProfile add the tags. */
export const profileSummary = ({ name, path, id, arn, created, role }: InstanceProfile) => ({
  Path: path,
  InstanceProfileName: name,
  InstanceProfileId: id,
  Arn: arn,
  CreateDate: created,
  Roles: role === undefined ? [] : [summary(role)],
});

const details = (profile: InstanceProfile) => ({ ...profileSummary(profile), Tags: tagMembers(profile.tags) });

export const instanceProfileHandlers = (world: World, roles: Roles, profiles: InstanceProfiles): IamHandlers => ({
  CreateInstanceProfile({ InstanceProfileName: name, Path: path = '/', Tags }) {
    const profile: InstanceProfile = {
      name,
      path,
      id: uniqueId('AIPA'),
      arn: `arn:${world.partition}:iam::${world.account}:instance-profile${path}${name}`,
      created: new Date(Math.floor(world.clock.now() / 1000) * 1000),
      role: undefined,
      tags: tagsFrom(Tags),
    };
    profiles.add(profile);
    return { InstanceProfile: details(profile) };
  },
  GetInstanceProfile: ({ InstanceProfileName }) => ({ InstanceProfile: details(profiles.get(InstanceProfileName)) }),
  ListInstanceProfiles(input) {
    const { PathPrefix: prefix = '/' } = input;
    const found = profiles.all().filter((profile) => profile.path.startsWith(prefix));
    const { page, ...rest } = pageOf(found, ({ name }) => name, input);
    return { InstanceProfiles: page.map(profileSummary), ...rest };
  },
  ListInstanceProfilesForRole(input) {
    const found = profiles.of(roles.get(input.RoleName));
    const { page, ...rest } = pageOf(found, ({ name }) => name, input);
    return { InstanceProfiles: page.map(profileSummary), ...rest };
  },
  AddRoleToInstanceProfile({ InstanceProfileName, RoleName }) {
    const profile = profiles.get(InstanceProfileName);
    const role = roles.get(RoleName);
    if (profile.role !== undefined)
      throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
    profile.role = role;
    return {};
  },
  RemoveRoleFromInstanceProfile({ InstanceProfileName, RoleName }) {
    const profile = profiles.get(InstanceProfileName);
    if (profile.role !== roles.get(RoleName))
      throw noSuchEntity(`Role ${RoleName} does not exist in instance profile ${InstanceProfileName}.`);
    profile.role = undefined;
    return {};
  },
  DeleteInstanceProfile({ InstanceProfileName }) {
    const profile = profiles.get(InstanceProfileName);
    if (profile.role !== undefined)
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
    profiles.remove(profile);
    return {};
  },
  TagInstanceProfile({ InstanceProfileName, Tags }) {
    addTags(profiles.get(InstanceProfileName).tags, Tags);
    return {};
  },
  UntagInstanceProfile({ InstanceProfileName, TagKeys }) {
    const { tags } = profiles.get(InstanceProfileName);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
  ListInstanceProfileTags: (input) => listedTags(profiles.get(input.InstanceProfileName).tags, input),
});
