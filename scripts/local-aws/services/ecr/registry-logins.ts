import { randomBytes } from 'node:crypto';
import type { Principal, World } from '../../world.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry-auth-token */
const lifetimeMs = 12 * 60 * 60 * 1000;

interface Login {
  readonly principal: Principal;
  readonly expiresAt: number;
}

/** Who is logged in to the registry: a token lets its holder do what it was got with, for twelve hours. */
export class RegistryLogins {
  readonly #world: World;
  readonly #logins = new Map<string, Login>();

  constructor(world: World) {
    this.#world = world;
  }

  issue(principal: Principal): { readonly token: string; readonly expiresAt: Date } {
    const token = Buffer.from(`AWS:${randomBytes(32).toString('hex')}`).toString('base64');
    const expiresAt = this.#world.clock.now() + lifetimeMs;
    this.#logins.set(token, { principal, expiresAt });
    return { token, expiresAt: new Date(expiresAt) };
  }

  /** `undefined` for a header that holds no token, an unknown one, or one that has expired. */
  holder(authorization: string | undefined): Principal | undefined {
    const login = this.#logins.get(authorization?.replace(/^Basic /, '') ?? '');
    return login !== undefined && login.expiresAt > this.#world.clock.now() ? login.principal : undefined;
  }
}
