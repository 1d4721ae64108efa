import assert from 'node:assert/strict';
import test from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import fc from 'fast-check';
import type { Operation } from '../../../scripts/local-aws/wire/model.ts';
import { awsServer } from '../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../scripts/local-aws/wire/service.ts';
import type { StructShape } from '../../../scripts/local-aws/wire/shape.ts';
import { arbitraryOf } from './arbitrary.ts';
import { carried, clientConfig, listening } from './echo.ts';

const seed = 20261123;
/** Of each service; all of them pass too, and take three times as long. */
const sampled = 25;

/**
 * No host prefixes, which a server on 127.0.0.1 cannot have, no URLs of queues as endpoints (both are random here), and no
 * check of messages' digests.
 */
const randomProof = { disableHostPrefix: true, useQueueUrlAsEndpoint: false, md5: false } as const;

interface Sdk {
  readonly module: object;
  readonly Client: new (
    config: Pick<ReturnType<typeof clientConfig>, 'region' | 'credentials'>,
  ) => { readonly config: object; destroy(): void };
}

const sdks: Readonly<Record<string, Sdk>> = {
  batch: { module: batch, Client: batch.BatchClient },
  ecr: { module: ecr, Client: ecr.ECRClient },
  events: { module: events, Client: events.EventBridgeClient },
  iam: { module: iam, Client: iam.IAMClient },
  lambda: { module: lambda, Client: lambda.LambdaClient },
  logs: { module: logs, Client: logs.CloudWatchLogsClient },
  s3: { module: s3, Client: s3.S3Client },
  sns: { module: sns, Client: sns.SNSClient },
  sqs: { module: sqs, Client: sqs.SQSClient },
  sts: { module: sts, Client: sts.STSClient },
  tagging: { module: tagging, Client: tagging.ResourceGroupsTaggingAPIClient },
};

const isEventStream = (shape: StructShape): boolean =>
  [...shape.members.values()].some((member) => member.kind === 'struct' && member.union && member.traits.streaming);

/** All but event streams, and what only S3 Object Lambda answers, at a host of its own. */
const isSpoken = ({ name, input, output }: Operation): boolean =>
  !isEventStream(input) && !isEventStream(output) && name !== 'WriteGetObjectResponse';

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === 'function';

/** Calls an operation by its name, as `client.send(new SubmitJobCommand(input))` does. */
async function send(sdk: Sdk, client: object, name: string, input: object): Promise<object> {
  const command: unknown = Reflect.get(sdk.module, `${name}Command`);
  const method: unknown = Reflect.get(client, 'send');
  assert.ok(isFunction(command) && isFunction(method), `the SDK has no ${name}Command`);
  const output: unknown = await method.call(client, Reflect.construct(command, [input]));
  assert.ok(typeof output === 'object' && output !== null);
  return output;
}

/** What was sent must be there; clients add tokens, HTTP the length and type of a body. */
function assertCarried(actual: unknown, sent: unknown, message: string): void {
  const members: object = Object(sent);
  const found = Object.entries(Object(actual)).filter(([key]) => Object.hasOwn(members, key));
  assert.deepEqual(Object.fromEntries(found), { ...members }, message);
}

for (const [name, sdk] of Object.entries(sdks)) {
  test(`random inputs and outputs of ${name} arrive as they were sent`, async () => {
    let received: unknown;
    let answer: unknown;
    const { operations } = defineService(sdk.module, sdk.Client)({});
    const spoken = [...operations.values()].filter(isSpoken);
    const echo = async (input: unknown): Promise<unknown> => {
      received = await carried(input);
      return answer;
    };
    const service = defineService(
      sdk.module,
      sdk.Client,
    )(Object.fromEntries(spoken.map((operation) => [operation.name, echo])));
    // S3 signs what concerns directory buckets for s3express.
    await using server = await listening(awsServer({ [service.signingName]: () => service, s3express: () => service }));
    const client = new sdk.Client({ ...clientConfig(server.endpoint), ...randomProof });
    const roundTrip = async (operation: Operation, input: object, output: object): Promise<void> => {
      answer = output;
      const { $metadata, ...result }: { $metadata?: unknown } = await send(sdk, client, operation.name, input);
      assertCarried(received, await carried(input), `${operation.name}: input`);
      assertCarried(await carried(result), await carried(output), `${operation.name}: output`);
    };
    const length = Math.min(sampled, spoken.length);
    const samples = fc.shuffledSubarray(spoken, { minLength: length, maxLength: length });
    const [sample = []] = fc.sample(samples, { seed, numRuns: 1 });
    for (const operation of sample) {
      const inputs = arbitraryOf(operation.input);
      const outputs = arbitraryOf(operation.output);
      await fc.assert(
        fc.asyncProperty(inputs, outputs, (input, output) => roundTrip(operation, Object(input), Object(output))),
        { seed, numRuns: 1 },
      );
    }
    client.destroy();
  });
}
