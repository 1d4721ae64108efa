import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as batch from '@aws-sdk/client-batch';
import { batchLimits } from '../../../../scripts/local-aws/limits/batch.ts';
import { type DrivenClock, drivenClock } from '../../../../scripts/local-aws/runtime/driven-clock.ts';
import { removeFolder } from '../../../../scripts/local-aws/runtime/folder-removal.ts';
import { type BatchSettings, createBatch } from '../../../../scripts/local-aws/services/batch/batch.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { awsServer } from '../../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import {
  type BusEvent,
  type Jobs,
  type UnpackedImage,
  unsetPorts,
  type World,
} from '../../../../scripts/local-aws/world.ts';
import { openAuthority } from '../../../support/open-authority.ts';

type Event = Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;

export interface BatchWorld extends AsyncDisposable {
  readonly client: batch.BatchClient;
  readonly clock: DrivenClock;
  readonly world: World;
  readonly jobs: Jobs;
  readonly events: readonly Event[];
  /** The statuses that a job's events told, in order. */
  statuses(jobId: string): string[];
  /** Resolves once an event has told that the job has this status. */
  reached(jobId: string, status: string): Promise<void>;
  /** Messages by `group stream`. */
  readonly logs: ReadonlyMap<string, string[]>;
  /** Resolves once a log stream holds the line. */
  logged(line: string): Promise<void>;
}

export const start = Date.parse('2026-11-23T03:00:00Z');
const region = 'eu-central-1';
/** An image whose program runs the JavaScript of its first argument. */
const script = 'script';
export const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

interface Settings extends Partial<BatchSettings> {
  /** How long compute environments and queues stay CREATING, UPDATING and DELETING. */
  readonly settlingMs?: number;
}

/** The embedded Batch alone, behind a real server and a real client; its ports are fakes that remember. */
export async function batchWorld({ settlingMs = 0, ...settings }: Settings = {}): Promise<BatchWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-batch-'));
  const clock = drivenClock(start);
  const events: Event[] = [];
  const logs = new Map<string, string[]>();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = (): void => {
        if (!holds()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  let endpoint = '';
  const image = await scriptImage(directory);
  const unset = unsetPorts();
  const world: World = {
    account: '123456789012',
    region,
    partition: 'aws',
    directory,
    clock,
    endpoint: () => endpoint,
    routes: new Map(),
    tagged: [],
    resourcePolicies: new Map(),
    onStop: [],
    ports: {
      ...unset,
      identity: {
        ...unset.identity,
        credentialsFor: (roleArn, session, service) => {
          if (roleArn === role('missing')) throw new AwsError('NoSuchEntity', 'The role cannot be found.');
          return {
            accessKeyId: `ASIA${service}`,
            secretAccessKey: session,
            sessionToken: roleArn,
            expiration: new Date(clock.now() + 3_600_000),
          };
        },
        principalOf: () => ({ type: 'account' }),
      },
      authority: openAuthority,
      logs: {
        append: (group, stream, lines) => {
          const key = `${group} ${stream}`;
          logs.set(key, [...(logs.get(key) ?? []), ...lines.map((each) => each.message)]);
          changed();
        },
      },
      events: {
        put: (event) => {
          events.push(structuredClone(event));
          changed();
        },
      },
      images: {
        pull: async (reference) => {
          if (reference === script) return image;
          if (reference.startsWith('123456789012.dkr.ecr.')) throw new AwsError('ImageNotFoundException', 'not found');
          return undefined;
        },
      },
    },
  };
  const { handlers, jobs } = createBatch(world, {
    settle: (finish) => (settlingMs === 0 ? finish() : void clock.after(settlingMs, finish)),
    engines: [],
    ...settings,
  });
  const server = awsServer(
    { batch: () => defineService(batch, batch.BatchClient)(handlers, batchLimits) },
    { routes: world.routes },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${portOf(server.address())}`;
  const client = new batch.BatchClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const statuses = (jobId: string): string[] =>
    events.flatMap(({ detail, 'detail-type': type }) =>
      type === 'Batch Job State Change' && isStatus(detail) && detail.jobId === jobId ? [detail.status] : [],
    );
  return {
    client,
    clock,
    world,
    jobs,
    events,
    logs,
    statuses,
    reached: (jobId, status) => until(() => statuses(jobId).includes(status)),
    logged: (line) => until(() => [...logs.values()].some((lines) => lines.includes(line))),
    async [Symbol.asyncDispose]() {
      for (const stop of world.onStop.toReversed()) await stop();
      client.destroy();
      server.close();
      server.closeAllConnections();
      await removeFolder(directory);
    },
  };
}

async function scriptImage(directory: string): Promise<UnpackedImage> {
  const root = join(directory, 'image');
  await mkdir(join(root, 'app'), { recursive: true });
  await writeFile(
    join(root, 'app/main.mjs'),
    "await import('data:text/javascript,' + encodeURIComponent(process.argv[2] ?? ''));\n",
  );
  await chmod(join(root, 'app'), 0o555);
  return {
    root,
    entrypoint: ['node', '/app/main.mjs'],
    command: ['console.log("the default command")'],
    environment: { FROM_IMAGE: 'image', OVERRIDDEN: 'image' },
    workingDirectory: '/app',
  };
}

const portOf = (address: string | AddressInfo | null): number => {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port');
  return address.port;
};

const isStatus = (detail: unknown): detail is { jobId: string; status: string } =>
  typeof detail === 'object' && detail !== null && 'jobId' in detail && 'status' in detail;

export interface House {
  readonly vcpus?: number;
  readonly platform?: 'FARGATE' | 'EC2';
}

/** A compute environment `env`, a queue `feeds` and a definition `script` that runs on it. */
export async function furnish({ client }: BatchWorld, { vcpus = 16 }: House = {}): Promise<void> {
  await createEnvironment(client, 'env', vcpus);
  await createQueue(client, 'feeds', ['env']);
  await registerScript(client, {});
}

export const createEnvironment = (client: batch.BatchClient, name: string, maxvCpus: number) =>
  client.send(
    new batch.CreateComputeEnvironmentCommand({
      computeEnvironmentName: name,
      type: 'MANAGED',
      computeResources: { type: 'FARGATE', maxvCpus, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
    }),
  );

export const createQueue = (
  client: batch.BatchClient,
  name: string,
  environments: readonly string[],
  rest: Partial<batch.CreateJobQueueRequest> = {},
) =>
  client.send(
    new batch.CreateJobQueueCommand({
      jobQueueName: name,
      priority: 1,
      computeEnvironmentOrder: environments.map((computeEnvironment, order) => ({ order, computeEnvironment })),
      ...rest,
    }),
  );

export const registerScript = (
  client: batch.BatchClient,
  container: Partial<batch.ContainerProperties>,
  rest: Partial<batch.RegisterJobDefinitionRequest> = {},
) =>
  client.send(
    new batch.RegisterJobDefinitionCommand({
      jobDefinitionName: 'script',
      type: 'container',
      platformCapabilities: ['FARGATE'],
      containerProperties: {
        image: script,
        executionRoleArn: role('execution'),
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '2048' },
        ],
        ...container,
      },
      ...rest,
    }),
  );

/** Submits a job that runs the JavaScript; returns its id. */
export async function submitScript(
  client: batch.BatchClient,
  code: string,
  rest: Partial<batch.SubmitJobRequest> = {},
): Promise<string> {
  const { jobId } = await client.send(
    new batch.SubmitJobCommand({
      jobName: 'job',
      jobQueue: 'feeds',
      jobDefinition: 'script',
      ...rest,
      containerOverrides: { command: [code], ...rest.containerOverrides },
    }),
  );
  if (jobId === undefined) throw new Error('SubmitJob answered without a job id');
  return jobId;
}

export async function describe(client: batch.BatchClient, jobId: string): Promise<batch.JobDetail> {
  const { jobs = [] } = await client.send(new batch.DescribeJobsCommand({ jobs: [jobId] }));
  const [job] = jobs;
  if (job === undefined) throw new Error(`no job ${jobId}`);
  return job;
}
