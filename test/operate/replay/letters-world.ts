import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { paginateListJobs, UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { stringify } from 'yaml';
import { awsClients } from '../../../scripts/aws/clients.ts';
import { type OpenEnvironment, openEnvironment } from '../../../scripts/control/environment.ts';
import { drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';
import { replayLetters } from '../../../scripts/operate/replay/replay.ts';

const region = 'eu-central-1';
const day = 86_400_000;
const start = Date.UTC(2026, 10, 24, 12);

const submit = { jobQueue: 'main', jobDefinition: 'plain' };

/** Jobs wait for ever: their compute environment is disabled. */
const shop = {
  project: 'shop',
  computeEnvironments: { fargate: { type: 'FARGATE', maxvCpus: 2, state: 'DISABLED' } },
  jobQueues: { main: { computeEnvironments: ['fargate'] } },
  jobDefinitions: { plain: { image: 'public.ecr.aws/docker/library/busybox:1', vcpus: 2, memory: 4096 } },
  schedules: {
    nightly: {
      cron: '0 3 * * ? *',
      submit: {
        ...submit,
        jobName: 'nightly',
        parameters: { second: '2', first: '1' },
        environment: { TOKEN: 'secret' },
      },
    },
    zoned: { cron: '0 5 * * ? *', timezone: 'Europe/Berlin', submit: { ...submit, jobName: 'zoned' } },
  },
  topics: { changed: { submit: { ...submit, jobName: 'consume', messageVariable: 'MESSAGE' } } },
};

/** What a replay is told; all of it without a question unless said otherwise. */
type Flags = Partial<Parameters<typeof replayLetters>[1]>;

/** The shop on an embedded AWS whose clock is driven, what can break in it, and the command. */
export async function lettersWorld(t: TestContext) {
  const clock = drivenClock(start);
  const { endpoint, close } = await startLocalAws({ region, clock });
  const folder = mkdtempSync(join(tmpdir(), 'baton-letters-'));
  mkdirSync(join(folder, 'environments'));
  const network = { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] };
  const place = { target: 'embedded', account: '000000000000', region, prefix: 'shop', network };
  writeFileSync(join(folder, 'environments/local.yaml'), stringify(place));
  writeFileSync(join(folder, 'shop.yaml'), stringify(shop, { aliasDuplicateObjects: false }));
  const environment = await openEnvironment({ directory: folder, environment: 'local', endpoint });
  const { aws, owner } = environment;
  const others: { close(): void }[] = [];
  t.after(async () => {
    for (const each of [environment, ...others]) each.close();
    rmSync(folder, { recursive: true });
    await close();
  });
  const printed: string[] = [];
  t.mock.method(console, 'log', (line: string) => printed.push(stripVTControlCharacters(line)));
  t.mock.method(process.stderr, 'write', () => true);
  const mend = async (): Promise<void> => {
    await environment.apply(await environment.plan(), () => {});
  };
  await mend();
  const another = (signal = new AbortController().signal): OpenEnvironment => {
    const own = awsClients({
      signal,
      region,
      owner,
      endpoint,
      credentials: { accessKeyId: 'person', secretAccessKey: 'person' },
    });
    others.push(own);
    return { ...environment, aws: own };
  };
  const queueUrl = async (name: string): Promise<string | undefined> =>
    (await aws.sqs.send(new GetQueueUrlCommand({ QueueName: `shop-${name}` }))).QueueUrl;
  return {
    ...{ aws, clock, endpoint, folder, another, mend, queueUrl },
    /** Everything is tried again until it is given up, and until a letter that was taken is back. */
    pass: (days = 1) => clock.advanceTo(clock.now() + days * day),
    breakRule: () =>
      aws.lambda.send(
        new RemovePermissionCommand({ FunctionName: 'shop-schedule-to-batch', StatementId: 'schedules' }),
      ),
    breakScheduler: () =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'shop-scheduler',
          PolicyName: 'grants',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
          }),
        }),
      ),
    breakTopic: () => aws.lambda.send(new DeleteFunctionCommand({ FunctionName: 'shop-topic-to-batch' })),
    breakQueue: () => aws.batch.send(new UpdateJobQueueCommand({ jobQueue: 'shop-main', state: 'DISABLED' })),
    publish: (Message: string) =>
      aws.sns.send(new PublishCommand({ TopicArn: `arn:aws:sns:${region}:000000000000:shop-changed`, Message })),
    /** The names of all jobs there were. */
    jobs: async (): Promise<readonly string[]> => {
      const found: string[] = [];
      const filters = [{ name: 'AFTER_CREATED_AT', values: ['0'] }];
      for await (const page of paginateListJobs({ client: aws.batch }, { jobQueue: 'shop-main', filters }))
        found.push(...(page.jobSummaryList ?? []).flatMap(({ jobName }) => jobName ?? []));
      return found.sort();
    },
    /** How many letters lie in a queue and can be taken, and how many are in somebody's hands. */
    depth: async (name: string): Promise<readonly [visible: number, held: number]> => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const request = new GetQueueAttributesCommand({ QueueUrl: await queueUrl(name), AttributeNames: [...names] });
      const { Attributes = {} } = await aws.sqs.send(request);
      return [Number(Attributes[names[0]]), Number(Attributes[names[1]])];
    },
    /** What it printed, and its exit code where it ended by itself. */
    replay: async (flags: Flags = {}, by = environment) => {
      const place = { environment: 'local', config: folder, var: {} };
      await replayLetters(by, { ...place, limit: 100, yes: true, ...flags });
      const code = Number(process.exitCode ?? 0);
      process.exitCode = undefined;
      return { code, out: printed.splice(0).join('\n') };
    },
    printed: () => printed.splice(0).join('\n'),
  };
}
