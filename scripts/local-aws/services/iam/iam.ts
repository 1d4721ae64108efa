import type { World } from '../../world.ts';
import { accountHandlers } from './account-details.ts';
import type { IamHandlers } from './handlers.ts';
import { instanceProfileHandlers } from './instance-profile-handlers.ts';
import { InstanceProfiles } from './instance-profiles.ts';
import { roleHandlers } from './role-handlers.ts';
import { rolePolicyHandlers } from './role-policies.ts';
import { roleTagHandlers } from './role-tags.ts';
import { Roles } from './roles.ts';
import { Sessions } from './sessions.ts';

/**
 * IAM: roles with their policies, instance profiles, and the sessions that are opened as them. `sessions` is the port `identity`, and what
 * STS is the other face of.
 */
export function createIam(world: World): {
  readonly handlers: IamHandlers;
  readonly identity: Sessions;
  readonly roles: Roles;
} {
  const roles = new Roles();
  const profiles = new InstanceProfiles();
  world.resourcePolicies.set('iam', (roleArn) => roles.withArn(roleArn)?.trust.text);
  return {
    handlers: {
      ...roleHandlers(world, roles, profiles),
      ...rolePolicyHandlers(roles),
      ...roleTagHandlers(roles),
      ...instanceProfileHandlers(world, roles, profiles),
      ...accountHandlers(roles, profiles),
    },
    identity: new Sessions(world, roles, profiles),
    roles,
  };
}
