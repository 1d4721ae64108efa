import { taggedBy, type World } from '../../world.ts';
import { accountHandlers } from './account-details.ts';
import { AccountPolicies } from './account-policies.ts';
import { accountPolicyHandlers } from './account-policy-handlers.ts';
import type { IamHandlers } from './handlers.ts';
import { IdentityProviders, identityProviderHandlers } from './identity-providers.ts';
import { instanceProfileHandlers } from './instance-profile-handlers.ts';
import { InstanceProfiles } from './instance-profiles.ts';
import { roleHandlers } from './role-handlers.ts';
import { rolePolicyHandlers } from './role-policies.ts';
import { roleTagHandlers } from './role-tags.ts';
import { Roles } from './roles.ts';
import { Sessions } from './sessions.ts';

/**
 * IAM: roles with their policies, instance profiles, managed policies, providers of identities, and the sessions that are
 * opened as roles. `sessions` is the port `identity`, and what STS is the other face of.
 */
export function createIam(world: World): {
  readonly handlers: IamHandlers;
  readonly identity: Sessions;
  readonly roles: Roles;
  readonly policies: AccountPolicies;
  readonly providers: IdentityProviders;
} {
  const roles = new Roles();
  const profiles = new InstanceProfiles();
  const policies = new AccountPolicies();
  const providers = new IdentityProviders();
  for (const each of [roles, profiles, policies, providers])
    world.tagged.push(() => each.all().map(({ arn, tags }) => taggedBy(arn, tags)));
  world.resourcePolicies.set('iam', (roleArn) => roles.withArn(roleArn)?.trust.text);
  return {
    handlers: {
      ...roleHandlers(world, roles, profiles, policies),
      ...rolePolicyHandlers(roles, policies),
      ...roleTagHandlers(roles),
      ...instanceProfileHandlers(world, roles, profiles),
      ...accountPolicyHandlers(world, policies, roles),
      ...identityProviderHandlers(world, providers),
      ...accountHandlers(roles, profiles),
    },
    identity: new Sessions(world, roles, profiles),
    roles,
    policies,
    providers,
  };
}
