/** The embedded AWS in a storm, on a clock that stands still: whatever passes here passes by being met. */
import type { TestContext } from 'node:test';
import { type DrivenClock, drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';
import { type Storm, stormy } from '../../../scripts/local-aws/weather/storm.ts';
import type { Identity } from '../../../scripts/local-aws/world.ts';

export const account = '123456789012';
export const region = 'eu-central-1';
const still = { throttled: 0, stale: 0, conflicting: 0, lag: 0 };

interface StormyAccount {
  readonly clock: DrivenClock;
  readonly identity: Identity;
  /** What every SDK client takes: the endpoint, static credentials, no retries. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
}

/** Only what is given of the weather is bad. It ends with the test. */
export async function stormyAccount(test: TestContext, { seed = 1, ...bad }: Partial<Storm>): Promise<StormyAccount> {
  const clock = drivenClock(Date.UTC(2026, 10, 23, 3));
  const weather = stormy(seed, { ...still, ...bad });
  const { endpoint, world, close } = await startLocalAws({ account, region, clock, weather });
  test.after(close);
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  return { clock, identity: world.ports.identity, client: { endpoint, region, credentials, maxAttempts: 1 } };
}

/** The names of the errors that a request met until it was answered, at most `most`; more are the last one's own error. */
export async function metBy(request: () => Promise<unknown>, most: number): Promise<string[]> {
  const met: string[] = [];
  for (;;) {
    try {
      await request();
      return met;
    } catch (error) {
      if (!(error instanceof Error) || met.length === most) throw error;
      met.push(`${error.name}: ${error.message}`);
    }
  }
}

export const trust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

export const allowing = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
