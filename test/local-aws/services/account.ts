/** An account with storage and identities: what S3, IAM, STS and the tagging API need, served on a port of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DrivenClock, drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';
import { createIam } from '../../../scripts/local-aws/services/iam/iam.ts';
import type { Sessions } from '../../../scripts/local-aws/services/iam/sessions.ts';
import { createS3 } from '../../../scripts/local-aws/services/s3/s3.ts';
import { createSts } from '../../../scripts/local-aws/services/sts/sts.ts';
import { createTagging } from '../../../scripts/local-aws/services/tagging/tagging.ts';
import { awsServer } from '../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../scripts/local-aws/wire/service.ts';
import type { Ports, World } from '../../../scripts/local-aws/world.ts';

export interface Account {
  readonly world: World;
  readonly clock: DrivenClock;
  readonly identity: Sessions;
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

const unused = (): never => {
  throw new Error('this account has no such service');
};

const portsWithoutServices = (): Ports => ({
  identity: { credentialsFor: unused, principalOf: () => ({ type: 'account' }) },
  logs: { append: unused },
  queues: { send: unused },
  functions: { invokeAsync: unused },
  topics: { publish: unused },
  events: { put: unused },
  images: { pull: unused },
  jobs: { submit: unused },
});

export async function openAccount(region = 'eu-central-1'): Promise<Account> {
  const directory = await mkdtemp(join(tmpdir(), 'account-'));
  const clock = drivenClock(morning);
  let endpoint = '';
  const world: World = {
    account: '123456789012',
    region,
    partition: 'aws',
    directory,
    clock,
    endpoint: () => endpoint,
    ports: portsWithoutServices(),
    routes: new Map(),
    tagged: [],
    onStop: [],
  };
  const s3 = createS3(world);
  const iam = createIam(world);
  world.ports.identity = iam.identity;
  const server = awsServer({
    s3: async () => {
      const sdk = await import('@aws-sdk/client-s3');
      return defineService(sdk, sdk.S3Client)(s3.handlers);
    },
    iam: async () => {
      const sdk = await import('@aws-sdk/client-iam');
      return defineService(sdk, sdk.IAMClient)(iam.handlers);
    },
    sts: async () => {
      const sdk = await import('@aws-sdk/client-sts');
      return defineService(sdk, sdk.STSClient)(createSts(world, iam.identity).handlers);
    },
    tagging: async () => {
      const sdk = await import('@aws-sdk/client-resource-groups-tagging-api');
      return defineService(sdk, sdk.ResourceGroupsTaggingAPIClient)(createTagging(world).handlers);
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  endpoint = `http://127.0.0.1:${isTcp(address) ? address.port : 0}`;
  return {
    world,
    clock,
    identity: iam.identity,
    client: { endpoint, region, credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' }, maxAttempts: 1 },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true });
    },
  };
}

const isTcp = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
