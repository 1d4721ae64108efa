/** The embedded AWS on a driven clock, for what S3, IAM, STS and the tagging API do in one account. */
import { type DrivenClock, drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';
import type { Identity, World } from '../../../scripts/local-aws/world.ts';

export interface Account {
  readonly world: World;
  readonly clock: DrivenClock;
  readonly identity: Identity;
  /** What every SDK client takes: the endpoint, static credentials, no retries. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

export const morning = Date.UTC(2026, 10, 23, 3);

export async function openAccount(region = 'eu-central-1'): Promise<Account> {
  const clock = drivenClock(morning);
  const { world, endpoint, close } = await startLocalAws({ clock, region, account: '123456789012' });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  return {
    world,
    clock,
    close,
    identity: world.ports.identity,
    client: { endpoint, region, credentials, maxAttempts: 1 },
  };
}
