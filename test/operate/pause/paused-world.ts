import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, GetBucketTaggingCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { stringify } from 'yaml';
import { type Aws, awsClients } from '../../../scripts/aws/clients.ts';
import { type OpenEnvironment, openEnvironment } from '../../../scripts/control/environment.ts';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';
import type { Storm } from '../../../scripts/local-aws/weather/storm.ts';

const region = 'eu-central-1';
export const stateBucket = `shop-state-000000000000-${region}`;

const submit = { jobName: 'nightly', jobQueue: 'main', jobDefinition: 'plain' };

/** One of everything that a pause concerns, or leaves alone. Jobs wait: their compute environment is disabled. */
export const shop = {
  project: 'shop',
  computeEnvironments: { fargate: { type: 'FARGATE', maxvCpus: 2, state: 'DISABLED' } },
  jobQueues: {
    main: { computeEnvironments: ['fargate'], priority: 3, timeLimits: [{ reason: 'no capacity', after: '1h' }] },
    old: { computeEnvironments: ['fargate'], state: 'DISABLED' },
  },
  jobDefinitions: { plain: { image: 'public.ecr.aws/docker/library/busybox:1', vcpus: 0.25, memory: 512 } },
  schedules: {
    nightly: { description: 'every night', cron: '0 3 * * ? *', submit, expectSuccessWithin: '26h' },
    arrivals: { eventPattern: { source: ['shop'] }, submit: { ...submit, jobName: 'arrived' } },
    off: { rate: '5 minutes', enabled: false, submit: { ...submit, jobName: 'off' } },
    zoned: {
      cron: '0 3 * * ? *',
      timezone: 'Europe/Berlin',
      flexibleWindow: '5m',
      submit: { ...submit, jobName: 'zoned' },
    },
    passed: { at: '2020-01-01T00:00:00', submit: { ...submit, jobName: 'passed' } },
  },
  alerts: { emails: ['ops@example.com'], failedInvocations: false },
};

function written(folder: string, config: object): void {
  writeFileSync(join(folder, 'shop.yaml'), stringify(config, { aliasDuplicateObjects: false }));
}

/** How everything stands that a pause could touch, as AWS itself tells it. */
async function standing({ events, scheduler, batch, s3 }: Aws) {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  const schedules = await Promise.all(
    Schedules.map(async ({ Name, GroupName }) => {
      const answer = await scheduler.send(new GetScheduleCommand({ Name, GroupName }));
      const { $metadata, CreationDate, LastModificationDate, ...schedule } = answer;
      return schedule;
    }),
  );
  const { jobQueues = [] } = await batch.send(new DescribeJobQueuesCommand({}));
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: stateBucket }));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: stateBucket }));
  return {
    rules: Rules,
    schedules,
    queues: jobQueues,
    tags: TagSet.map(({ Key }) => Key).sort(),
    objects: Contents.map(({ Key }) => Key),
  };
}

/** The states alone, by name. */
export async function states(aws: Aws): Promise<Readonly<Record<string, string | undefined>>> {
  const { rules, schedules, queues } = await standing(aws);
  return Object.fromEntries([
    ...rules.map(({ Name, State }) => [Name, State]),
    ...schedules.map(({ Name, State }) => [Name, State]),
    ...queues.map(({ jobQueueName, state }) => [jobQueueName, state]),
  ]);
}

/** The least that there is to pause: one thing of each kind. */
export const corner = {
  ...shop,
  jobQueues: { main: shop.jobQueues.main },
  schedules: { nightly: { cron: '0 3 * * ? *', submit }, zoned: shop.schedules.zoned },
  alerts: {},
};

interface Options {
  readonly config?: object;
  /** It is left empty otherwise. */
  readonly isApplied?: boolean;
  readonly weather?: Storm;
}

/** The shop on an embedded AWS. */
export async function pausedWorld(t: TestContext, { config = shop, isApplied = true, weather }: Options = {}) {
  const { endpoint, close } = await startLocalAws({ region, ...(weather && { weather }) });
  const folder = mkdtempSync(join(tmpdir(), 'baton-paused-'));
  mkdirSync(join(folder, 'environments'));
  const network = { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] };
  const place = { target: 'embedded', account: '000000000000', region, prefix: 'shop', network };
  writeFileSync(join(folder, 'environments/local.yaml'), stringify(place));
  written(folder, config);
  const opened: { close(): void }[] = [];
  const open = async (): Promise<OpenEnvironment> => {
    const environment = await openEnvironment({ directory: folder, environment: 'local', endpoint });
    opened.push(environment);
    return environment;
  };
  t.after(async () => {
    for (const each of opened) each.close();
    rmSync(folder, { recursive: true });
    await close();
  });
  const printed: string[] = [];
  t.mock.method(console, 'log', (line: string) => printed.push(stripVTControlCharacters(line)));
  t.mock.method(process.stderr, 'write', () => true);
  const environment = await open();
  if (isApplied) await environment.apply(await environment.plan(), () => {});
  const { aws, owner } = environment;
  const another = (signal = new AbortController().signal): OpenEnvironment => {
    const credentials = { accessKeyId: `AKIA${opened.length}`, secretAccessKey: 'person' };
    const own = awsClients({ region, owner, endpoint, credentials, signal });
    opened.push(own);
    return { ...environment, aws: own };
  };
  return {
    ...{ aws, environment },
    /** The environment as its config is now. */
    open,
    /** The environment with clients of its own, as another process has them. */
    another,
    standing: (by: Aws = aws) => standing(by),
    /** Puts another config in the place of the first. */
    rewrite: (other: object) => written(folder, other),
    /** What was printed since this was asked last. */
    printed: () => printed.splice(0).join('\n'),
    /** Those of who was killed in this process, which lives on. */
    dropLease: () => aws.s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key: 'leases/apply' })),
  };
}
