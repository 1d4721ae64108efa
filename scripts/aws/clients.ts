import { setMaxListeners } from 'node:events';
import { BatchClient } from '@aws-sdk/client-batch';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { atOnce } from './concurrency.ts';
import { brieflyThrottled, notRepeated, retrying, timerUntil } from './retrying.ts';
import { askTagIndex, type TagIndex } from './tag-index.ts';
import type { Pace } from './waiting.ts';

// The SDK warns at the first client made on a Node that it will drop one day; that is not news for who reads a plan.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

export interface AwsOptions {
  readonly region: string;
  /** The value of the tag `baton:owner` that marks what is ours. */
  readonly owner: string;
  /** A loopback address: the embedded AWS. Without it, AWS itself. */
  readonly endpoint?: string;
  /** Without them, the SDK's own chain of providers. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Stops reads between requests. A request in flight is left to finish: cut off, nobody would know what it did. */
  readonly signal?: AbortSignal;
  /** Told of every request that is sent, repeated ones too. */
  readonly onCall?: (call: Call) => void;
}

/** One request to AWS: `Batch` `DescribeJobQueues`. */
export interface Call {
  readonly service: string;
  readonly operation: string;
}

/** Everything that talks to AWS talks through this; a client is made when it is first asked for. */
export interface Aws {
  readonly region: string;
  readonly owner: string;
  readonly embedded: boolean;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly batch: BatchClient;
  readonly cloudwatch: CloudWatchClient;
  readonly ecr: ECRClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  /** Batch's once more, for SubmitJob: it has no client token, so only what was throttled is sent again. */
  readonly submitting: BatchClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  /** What the tagging API believes to be ours, of all kinds. */
  tagged(): Promise<TagIndex>;
  /** Closes the connections of the clients made so far; what waits to be repeated fails at once. */
  close(): void;
}

/** AWS takes minutes for a compute environment and a minute for a role to be known; the embedded AWS takes none. */
const unhurried: Pace = { first: 500, most: 10_000, limit: 15 * 60_000 };
const brisk: Pace = { first: 5, most: 100, limit: 15_000 };

/** Hands on whatever a client sends; it knows what for. */
type Middleware = <Args, Result>(
  next: (args: Args) => Promise<Result>,
  context: { readonly clientName?: string; readonly commandName?: string },
) => (args: Args) => Promise<Result>;

interface Client {
  readonly middlewareStack: {
    add(
      middleware: Middleware,
      where: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
  destroy(): void;
}

/** Sits after the SDK's own repeating, so that each attempt is told. */
const observe = ({ middlewareStack }: Client, onCall: (call: Call) => void): void =>
  middlewareStack.add(
    (next, { clientName = '', commandName = '' }) =>
      (args) => {
        onCall({ service: clientName.replace(/Client$/, ''), operation: commandName.replace(/Command$/, '') });
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'observe' },
  );

const silence = (): void => {};

/** A request waits until a connection to its service is free, which is what they are few for: the SDK would warn of it. */
const connections = {
  // The system would wait two minutes for a host that never answers, each time that it is tried.
  connectionTimeout: 5_000,
  httpAgent: { maxSockets: atOnce },
  httpsAgent: { maxSockets: atOnce },
  logger: { debug: silence, info: silence, warn: silence, error: silence },
};

/** Clients for one region and one owner. Throttled calls of one service slow down together and are repeated. */
export function awsClients(options: AwsOptions): Aws {
  const { region, owner, endpoint, credentials, signal = new AbortController().signal, onCall } = options;
  const closed = new AbortController();
  // Node warns of more than ten who wait on one signal, which many throttled requests are.
  setMaxListeners(Infinity, closed.signal);
  const settings = (whenUnreached?: typeof notRepeated) => ({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    retryStrategy: retrying(
      timerUntil(closed.signal),
      endpoint === undefined ? undefined : brieflyThrottled,
      undefined,
      whenUnreached,
    ),
    requestHandler: connections,
  });
  const made: Client[] = [];
  const once = <Made extends Client>(make: () => Made): (() => Made) => {
    let client: Made | undefined;
    return () => {
      if (client === undefined) {
        client = make();
        if (onCall) observe(client, onCall);
        made.push(client);
      }
      return client;
    };
  };
  const batch = once(() => new BatchClient(settings()));
  const cloudwatch = once(() => new CloudWatchClient(settings()));
  const ecr = once(() => new ECRClient(settings()));
  const events = once(() => new EventBridgeClient(settings()));
  const iam = once(() => new IAMClient(settings()));
  const lambda = once(() => new LambdaClient(settings()));
  const logs = once(() => new CloudWatchLogsClient(settings()));
  const s3 = once(() => new S3Client({ ...settings(), forcePathStyle: endpoint !== undefined }));
  const sns = once(() => new SNSClient(settings()));
  const scheduler = once(() => new SchedulerClient(settings()));
  // A queue's URL names AWS's host, whatever host was asked; requests go where the client was told to go.
  const sqs = once(() => new SQSClient({ ...settings(), useQueueUrlAsEndpoint: false }));
  const sts = once(() => new STSClient(settings()));
  const submitting = once(() => new BatchClient(settings(notRepeated)));
  const tagging = once(() => new ResourceGroupsTaggingAPIClient(settings()));
  return {
    region,
    owner,
    embedded: endpoint !== undefined,
    pace: endpoint === undefined ? unhurried : brisk,
    signal,
    get batch() {
      return batch();
    },
    get cloudwatch() {
      return cloudwatch();
    },
    get ecr() {
      return ecr();
    },
    get events() {
      return events();
    },
    get iam() {
      return iam();
    },
    get lambda() {
      return lambda();
    },
    get logs() {
      return logs();
    },
    get s3() {
      return s3();
    },
    get scheduler() {
      return scheduler();
    },
    get sns() {
      return sns();
    },
    get sqs() {
      return sqs();
    },
    get sts() {
      return sts();
    },
    get submitting() {
      return submitting();
    },
    get tagging() {
      return tagging();
    },
    tagged: () => askTagIndex(tagging(), owner, signal),
    close: () => {
      closed.abort();
      for (const client of made) client.destroy();
    },
  };
}

/** The same clients for the reads of one plan: what all its kinds ask the tagging API is asked once. */
export function forOnePlan(aws: Aws): Aws {
  let asked: Promise<TagIndex> | undefined;
  const tagged = (): Promise<TagIndex> => {
    asked ??= aws.tagged();
    return asked;
  };
  return Object.create(aws, { tagged: { value: tagged } });
}
