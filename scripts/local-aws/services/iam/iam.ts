import type { World } from '../../world.ts';
import { accountHandlers } from './account-details.ts';
import type { IamHandlers } from './handlers.ts';
import { roleHandlers } from './role-handlers.ts';
import { rolePolicyHandlers } from './role-policies.ts';
import { roleTagHandlers } from './role-tags.ts';
import { Roles } from './roles.ts';
import { Sessions } from './sessions.ts';

/**
 * IAM: roles with their policies, and the sessions that are opened as them. `sessions` is the port `identity`, and what
 * STS is the other face of.
 */
export function createIam(world: World): {
  readonly handlers: IamHandlers;
  readonly identity: Sessions;
  readonly roles: Roles;
} {
  const roles = new Roles();
  world.resourcePolicies.set('iam', (roleArn) => roles.withArn(roleArn)?.trust.text);
  return {
    handlers: {
      ...roleHandlers(world, roles),
      ...rolePolicyHandlers(roles),
      ...roleTagHandlers(roles),
      ...accountHandlers(roles),
    },
    identity: new Sessions(world, roles),
    roles,
  };
}
