import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { created, found } from '../aws/errors.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';

export interface IdentityProviderSpec {
  /** Its host: `token.actions.githubusercontent.com`. */
  readonly name: string;
  /** Whom its tokens must be for; `null` where they may not be for us. Others besides are left as they are. */
  readonly audience: string | null;
}

interface LiveIdentityProvider {
  readonly name: string;
  readonly arn: string;
  readonly audiences: readonly string[];
}

async function read(aws: Aws, name: string): Promise<Observed<LiveIdentityProvider> | undefined> {
  aws.signal.throwIfAborted();
  const { partition, account } = await accountOf(aws);
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${name}`;
  const answer = await found(aws.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })));
  // An account has one for all who trust it: nobody owns it, and nobody has to.
  return answer && { name, live: { name, arn, audiences: answer.ClientIDList ?? [] }, owner: aws.owner };
}

/**
 * A provider of identities whose tokens roles may trust. AWS knows the certificates of GitHub by itself, so none is named.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export const identityProviderKind = (
  aws: Aws,
  audience: string,
): ResourceKind<IdentityProviderSpec, LiveIdentityProvider> => ({
  kind: 'identity-provider',
  immutable: [],
  references: () => [],
  list: async (names) => {
    const providers = await mapConcurrently(names, atOnce, (name) => read(aws, name));
    return { observed: providers.filter((provider) => provider !== undefined) };
  },
  toSpec: ({ name, audiences }) => ({ name, audience: audiences.includes(audience) ? audience : null }),
  create: async ({ name }) => {
    const request = { Url: `https://${name}`, ClientIDList: [audience] };
    await created(aws.iam.send(new CreateOpenIDConnectProviderCommand(request)));
  },
  update: async ({ arn: OpenIDConnectProviderArn }) => {
    await aws.iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: audience }));
  },
  delete: async ({ arn: OpenIDConnectProviderArn }) => {
    await found(aws.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })));
  },
});
