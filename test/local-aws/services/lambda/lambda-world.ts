import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as logsSdk from '@aws-sdk/client-cloudwatch-logs';
import * as lambdaSdk from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { type DrivenClock, drivenClock } from '../../../../scripts/local-aws/runtime/driven-clock.ts';
import { createLambda } from '../../../../scripts/local-aws/services/lambda/lambda.ts';
import { createLogs } from '../../../../scripts/local-aws/services/logs/logs.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { awsServer } from '../../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import { type Caller, createWorld, type QueueAttribute, type World } from '../../../../scripts/local-aws/world.ts';
import { openAuthority } from '../../../support/open-authority.ts';

export interface LambdaWorld {
  readonly world: World;
  readonly clock: DrivenClock;
  readonly lambda: lambdaSdk.LambdaClient;
  readonly logs: logsSdk.CloudWatchLogsClient;
  /** What was sent to queues. */
  readonly sent: {
    readonly queueArn: string;
    readonly body: string;
    readonly sender: Caller;
    readonly attributes: Readonly<Record<string, QueueAttribute>>;
  }[];
  /** Creates a function from the source of `index.mjs` and returns its ARN. */
  create(name: string, source: string, more?: Partial<lambdaSdk.CreateFunctionCommandInput>): Promise<string>;
  /** The answer of an invocation that is waited for, with its payload read as JSON. */
  invoke(
    name: string,
    payload?: unknown,
  ): Promise<{ readonly error: string | undefined; readonly payload: unknown; readonly log: string }>;
  /** All lines that a function has logged, oldest first. */
  lines(name: string): Promise<string[]>;
}

const start = Date.UTC(2026, 10, 23, 3);
export const role = 'arn:aws:iam::123456789012:role/functions';

export const zipOf = (source: string): Uint8Array => zipSync({ 'index.mjs': strToU8(source) }, { mtime: start });

/** Lambda and CloudWatch Logs behind a real server, on a clock that is driven, until the test ends. */
export async function lambdaWorld(test: TestContext): Promise<LambdaWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-lambda-'));
  const clock = drivenClock(start);
  let endpoint = '';
  const world = createWorld({
    account: '123456789012',
    region: 'eu-central-1',
    directory,
    clock,
    endpoint: () => endpoint,
  });
  const sent: LambdaWorld['sent'] = [];
  fakePorts(world, sent);
  const logs = createLogs(world);
  const lambda = createLambda(world);
  world.ports.logs = logs.logs;
  world.ports.functions = lambda.functions;
  const services = {
    lambda: () => defineService(lambdaSdk, lambdaSdk.LambdaClient)(lambda.handlers),
    logs: () => defineService(logsSdk, logsSdk.CloudWatchLogsClient)(logs.handlers),
  };
  const server = awsServer(services, { routes: world.routes }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  test.after(async () => {
    for (const stop of world.onStop.toReversed()) await stop();
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, region: world.region, credentials, maxAttempts: 1 };
  return {
    world,
    clock,
    sent,
    ...actions(new lambdaSdk.LambdaClient(settings), new logsSdk.CloudWatchLogsClient(settings)),
  };
}

function fakePorts(world: World, sent: LambdaWorld['sent']): void {
  world.ports.identity = {
    credentialsFor: (roleArn, session) => {
      if (roleArn !== role) throw new AwsError('AccessDenied', `${roleArn} does not exist`, 403);
      const expiration = new Date(world.clock.now() + 3_600_000);
      return { accessKeyId: `KEY-OF-${session}`, secretAccessKey: 'secret', sessionToken: 'token', expiration };
    },
    principalOf: () => ({ type: 'account' }),
    roleArn: (name) => `arn:aws:iam::123456789012:role/${name}`,
    instanceProfileArn: (name) => `arn:aws:iam::123456789012:instance-profile/${name}`,
    boundaryOf: () => undefined,
  };
  world.ports.authority = openAuthority;
  world.ports.queues = {
    send: (queueArn, body, sender, attributes = {}) => {
      if (queueArn.endsWith(':gone'))
        throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'no such queue', 400);
      sent.push({ queueArn, body, sender, attributes });
    },
  };
}

function actions(lambda: lambdaSdk.LambdaClient, logs: logsSdk.CloudWatchLogsClient) {
  return {
    lambda,
    logs,
    async create(name: string, source: string, more: Partial<lambdaSdk.CreateFunctionCommandInput> = {}) {
      const code = { Handler: 'index.handler', Runtime: 'nodejs24.x', Code: { ZipFile: zipOf(source) } } as const;
      const { FunctionArn = '' } = await lambda.send(
        new lambdaSdk.CreateFunctionCommand({ FunctionName: name, Role: role, ...code, ...more }),
      );
      return FunctionArn;
    },
    async invoke(name: string, payload: unknown = {}) {
      const { FunctionError, Payload, LogResult } = await lambda.send(
        new lambdaSdk.InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload), LogType: 'Tail' }),
      );
      const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
      return { error: FunctionError, payload: answer, log: Buffer.from(LogResult ?? '', 'base64').toString() };
    },
    async lines(name: string) {
      const { events = [] } = await logs.send(
        new logsSdk.FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }),
      );
      return events.map(({ message = '' }) => message);
    },
  };
}
