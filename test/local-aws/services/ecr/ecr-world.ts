import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as ecr from '@aws-sdk/client-ecr';
import { packTar, type TarEntry } from 'modern-tar';
import { ecrLimits } from '../../../../scripts/local-aws/limits/ecr.ts';
import { drivenClock } from '../../../../scripts/local-aws/runtime/driven-clock.ts';
import { createEcr } from '../../../../scripts/local-aws/services/ecr/ecr.ts';
import { awsServer } from '../../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import { type Images, unsetPorts, type World } from '../../../../scripts/local-aws/world.ts';
import { openAuthority } from '../../../support/open-authority.ts';

export interface EcrWorld extends AsyncDisposable {
  readonly client: ecr.ECRClient;
  readonly images: Images;
  readonly world: World;
}

export const start = Date.parse('2026-11-23T03:00:00Z');
export const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

/** The embedded registry alone, behind a real server and a real client. */
export async function ecrWorld(): Promise<EcrWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-ecr-'));
  let endpoint = '';
  const world: World = {
    account: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    directory,
    clock: drivenClock(start),
    endpoint: () => endpoint,
    routes: new Map(),
    tagged: [],
    resourcePolicies: new Map(),
    onStop: [],
    ports: { ...unsetPorts(), authority: openAuthority },
  };
  const { handlers, images } = createEcr(world);
  const server = awsServer(
    { ecr: () => defineService(ecr, ecr.ECRClient)(handlers, ecrLimits) },
    { routes: world.routes },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${portOf(server.address())}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ecr.ECRClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  return {
    client,
    images,
    world,
    async [Symbol.asyncDispose]() {
      for (const stop of world.onStop.toReversed()) await stop();
      client.destroy();
      server.close();
      server.closeAllConnections();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const portOf = (address: string | AddressInfo | null): number => {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port');
  return address.port;
};

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const createRepository = (
  { client }: Pick<EcrWorld, 'client'>,
  rest: Partial<ecr.CreateRepositoryRequest> = {},
) => client.send(new ecr.CreateRepositoryCommand({ repositoryName: 'jobs/hello', ...rest }));

/** Uploads bytes in parts of the given size; returns their digest. */
export async function uploadLayer(client: ecr.ECRClient, bytes: Uint8Array, partSize = bytes.length): Promise<string> {
  const repositoryName = 'jobs/hello';
  const { uploadId } = await client.send(new ecr.InitiateLayerUploadCommand({ repositoryName }));
  for (let first = 0; first < bytes.length; first += partSize) {
    const layerPartBlob = bytes.subarray(first, first + partSize);
    const partLastByte = first + layerPartBlob.length - 1;
    await client.send(
      new ecr.UploadLayerPartCommand({ repositoryName, uploadId, partFirstByte: first, partLastByte, layerPartBlob }),
    );
  }
  const layerDigests = [digestOf(bytes)];
  await client.send(new ecr.CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests }));
  return digestOf(bytes);
}

export const layerOf = async (entries: TarEntry[]): Promise<Uint8Array> => gzipSync(await packTar(entries));

/** Pushes a one-layer image to `jobs/hello` as a client would; returns its digest. */
export async function pushImage(
  client: ecr.ECRClient,
  entries: TarEntry[],
  imageTag: string,
  config: object = { Entrypoint: ['node', '/app/main.mjs'], Env: ['GREETING=hello=you'], WorkingDir: '/app' },
): Promise<string> {
  const layer = await layerOf(entries);
  const configuration = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config, created: imageTag }));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { digest: await uploadNew(client, configuration), size: configuration.length },
    layers: [{ digest: await uploadNew(client, layer), size: layer.length }],
  });
  await client.send(new ecr.PutImageCommand({ repositoryName: 'jobs/hello', imageManifest: manifest, imageTag }));
  return digestOf(manifest);
}

async function uploadNew(client: ecr.ECRClient, bytes: Uint8Array): Promise<string> {
  const layerDigests = [digestOf(bytes)];
  const { layers } = await client.send(
    new ecr.BatchCheckLayerAvailabilityCommand({ repositoryName: 'jobs/hello', layerDigests }),
  );
  return layers?.[0]?.layerAvailability === 'AVAILABLE' ? digestOf(bytes) : uploadLayer(client, bytes);
}

/** The same file is the same layer, whenever it is packed. */
export const file = (name: string, body: string): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), mtime: new Date(start) },
  body,
});

export const program = (code: string): TarEntry[] => [file('app/main.mjs', code)];
