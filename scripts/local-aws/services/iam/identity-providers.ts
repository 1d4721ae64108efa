import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { IamHandlers } from './handlers.ts';
import { noSuchEntity } from './roles.ts';
import { tagMembers, tagsFrom } from './tags.ts';

/** Whose tokens the account takes. */
interface IdentityProvider {
  readonly arn: string;
  /** Without `https://`. */
  readonly host: string;
  /** Audiences that its tokens may be for. */
  readonly clients: Set<string>;
  readonly thumbprints: readonly string[];
  readonly created: Date;
  readonly tags: Map<string, string>;
}

/** Every OpenID Connect provider of the account. */
export class IdentityProviders {
  readonly #byArn = new Map<string, IdentityProvider>();

  all(): readonly IdentityProvider[] {
    return [...this.#byArn.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  find(arn: string): IdentityProvider | undefined {
    return this.#byArn.get(arn);
  }

  /** @throws AwsError NoSuchEntity */
  get(arn: string): IdentityProvider {
    const provider = this.#byArn.get(arn);
    if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
    return provider;
  }

  /** @throws AwsError EntityAlreadyExists */
  add(provider: IdentityProvider): void {
    if (this.#byArn.has(provider.arn))
      throw new AwsError('EntityAlreadyExists', `Provider with url https://${provider.host} already exists.`, 409);
    this.#byArn.set(provider.arn, provider);
  }

  remove({ arn }: IdentityProvider): void {
    this.#byArn.delete(arn);
  }
}

export const identityProviderHandlers = (world: World, providers: IdentityProviders): IamHandlers => ({
  CreateOpenIDConnectProvider({ Url, ClientIDList = [], ThumbprintList = [], Tags }) {
    const host = Url.replace(/^https:\/\//, '');
    const provider: IdentityProvider = {
      arn: `arn:${world.partition}:iam::${world.account}:oidc-provider/${host}`,
      host,
      clients: new Set(ClientIDList),
      thumbprints: ThumbprintList,
      created: new Date(Math.floor(world.clock.now() / 1000) * 1000),
      tags: tagsFrom(Tags),
    };
    providers.add(provider);
    return { OpenIDConnectProviderArn: provider.arn, Tags: tagMembers(provider.tags) };
  },
  GetOpenIDConnectProvider({ OpenIDConnectProviderArn }) {
    const { host, clients, thumbprints, created, tags } = providers.get(OpenIDConnectProviderArn);
    const lists = { ClientIDList: [...clients], ThumbprintList: [...thumbprints], Tags: tagMembers(tags) };
    return { Url: host, CreateDate: created, ...lists };
  },
  ListOpenIDConnectProviders: () => ({
    OpenIDConnectProviderList: providers.all().map(({ arn }) => ({ Arn: arn })),
  }),
  AddClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID }) {
    providers.get(OpenIDConnectProviderArn).clients.add(ClientID);
    return {};
  },
  DeleteOpenIDConnectProvider({ OpenIDConnectProviderArn }) {
    providers.remove(providers.get(OpenIDConnectProviderArn));
    return {};
  },
});
