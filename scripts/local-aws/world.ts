import type { RequestListener } from 'node:http';
import type { Authority, Caller, Principal } from './authorization/caller.ts';
import type { Clock } from './runtime/clock.ts';

/** Temporary credentials of a role, as STS would hand them out. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export type { Authority, Caller, Principal } from './authorization/caller.ts';

export interface Identity {
  /** Issues credentials for a role's session; throws when the role does not exist or does not trust the service. */
  credentialsFor(roleArn: string, session: string, service: string): Credentials;
  principalOf(accessKeyId: string | undefined): Principal;
  /** The ARN that a role of this name has, or would have without a path. */
  roleArn(roleName: string): string;
  /** The same for instance profiles. */
  instanceProfileArn(profileName: string): string;
  /** The ARN of the policy that bounds a role. */
  boundaryOf(roleName: string): string | undefined;
}

export interface Logs {
  /**
   * Appends to a stream, creating group and stream when absent. Timestamps are epoch milliseconds. Throws AwsError when
   * the writer may not write, or may not create what is absent; without a writer nobody is asked.
   */
  append(
    group: string,
    stream: string,
    events: readonly { readonly timestamp: number; readonly message: string }[],
    writer?: Caller,
  ): void;
}

export interface Queues {
  /** Delivers to a queue (`SendMessage`); throws AwsError when the queue does not exist or does not let the sender in. */
  send(queueArn: string, body: string, sender: Caller, attributes?: Readonly<Record<string, QueueAttribute>>): void;
}

/** An attribute of a queued message: a text, or a value with SQS's name for its type. */
export type QueueAttribute = string | { readonly dataType: string; readonly value: string | Uint8Array };

/** On whose behalf a service invokes a function: its own, which the function's policy must allow, or that of a role. */
export type Invoker = { readonly service: string; readonly arn: string } | { readonly roleArn: string };

export interface Functions {
  /** Asynchronous invocation: accepted now, retried and dead-lettered by Lambda. Throws AwsError when it cannot be accepted. */
  invokeAsync(functionArn: string, payload: string, invoker: Invoker): void;
}

export interface Topics {
  /** Throws AwsError when the topic does not exist or does not let the publisher in. */
  publish(topicArn: string, message: string, publisher: Caller, subject?: string): void;
}

/** An event on the default event bus, in EventBridge's own shape. `time` is ISO 8601 without milliseconds. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface Events {
  put(event: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>): void;
}

/** An image of the embedded registry, unpacked to a folder of its own. */
export interface UnpackedImage {
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

export interface Images {
  /**
   * `undefined` when the reference is not of this registry; throws AwsError when it is but does not exist, or the puller
   * may not have it. Without a puller nobody is asked.
   */
  pull(image: string, puller?: Caller): Promise<UnpackedImage | undefined>;
}

export interface Jobs {
  /** What an EventBridge rule with a Batch queue as its target does. */
  submit(input: {
    readonly jobName: string;
    readonly jobQueue: string;
    readonly jobDefinition: string;
    readonly arrayProperties?: { readonly size: number };
    readonly retryStrategy?: { readonly attempts: number };
  }): void;
}

/** What tells the metrics of one name apart, such as `{ QueueName: 'feeds' }`. */
export type Dimensions = Readonly<Record<string, string>>;

/** How services report to CloudWatch, as of now. Minutes are the finest that it keeps of them. */
export interface Metrics {
  /** Adds a value, one if not told otherwise, to what happened in this minute. */
  count(namespace: string, name: string, dimensions: Dimensions, value?: number): void;
  /** From now on the metric has this value in every minute, until another is reported; `undefined` ends it. */
  level(namespace: string, name: string, dimensions: Dimensions, value: number | undefined): void;
}

/** A resource as the Resource Groups Tagging API sees it. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Puts other tags in the place of all that it has. */
  retag(tags: Readonly<Record<string, string>>): void;
}

/** A resource whose service keeps its tags in a map. */
export const taggedBy = (arn: string, tags: Map<string, string>): TaggedResource => ({
  arn,
  tags: Object.fromEntries(tags),
  retag: (wanted) => {
    tags.clear();
    for (const [key, value] of Object.entries(wanted)) tags.set(key, value);
  },
});

/** A text, or bytes. */
export interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array;
}

/** What ECS reads for a container before it starts. Each throws AwsError where the reader may not have it. */
interface Secrets {
  /** Of Parameter Store; `undefined` where there is none. */
  parameter(nameOrArn: string, reader: Caller): string | undefined;
  /** Of Secrets Manager; the current version unless another is named. Throws AwsError where there is none. */
  secret(id: string, version: { readonly id?: string; readonly stage?: string }, reader: Caller): SecretValue;
}

/** What one service may ask of another. Each is set once, while the services are put together in services.ts. */
export interface Ports {
  identity: Identity;
  authority: Authority;
  logs: Logs;
  queues: Queues;
  functions: Functions;
  topics: Topics;
  events: Events;
  images: Images;
  jobs: Jobs;
  metrics: Metrics;
  secrets: Secrets;
}

/** What every embedded service is made with. Nothing outlives it: state is per run. */
export interface World {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** A folder of this run; each service keeps its files in a folder of its own name below it. */
  readonly directory: string;
  readonly clock: Clock;
  /** `http://127.0.0.1:PORT`; known once the server listens, so read it late. */
  readonly endpoint: () => string;
  readonly ports: Ports;
  /** Listeners for paths that are not AWS's (credentials for containers, the Lambda runtime API), by their prefix. */
  readonly routes: Map<string, RequestListener>;
  /** Sources of the tagging API, one per service. */
  readonly tagged: (() => Iterable<TaggedResource>)[];
  /**
   * The policies of resources, as JSON text: by the service in their ARNs, a function that finds that of a resource.
   * `undefined` where it has none.
   */
  readonly resourcePolicies: Map<string, (resourceArn: string) => string | undefined>;
  /** Run, last first, when the embedded AWS stops: no process or timer survives it. */
  readonly onStop: (() => Promise<void>)[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** A world without services; asking for one before services.ts has put it in place is a mistake, and says so. */
export function createWorld(given: Pick<World, 'account' | 'region' | 'directory' | 'clock' | 'endpoint'>): World {
  return {
    ...given,
    partition: partitionOf(given.region),
    ports: unsetPorts(),
    routes: new Map(),
    tagged: [],
    resourcePolicies: new Map(),
    onStop: [],
  };
}

/** Ports that throw when they are used. */
export function unsetPorts(): Ports {
  const unset = (port: string) => (): never => {
    throw new Error(`asking the embedded AWS for ${port}: no service has set this port yet`);
  };
  return {
    identity: {
      credentialsFor: unset('identity'),
      principalOf: unset('identity'),
      roleArn: unset('identity'),
      instanceProfileArn: unset('identity'),
      boundaryOf: unset('identity'),
    },
    authority: { allows: unset('authority'), require: unset('authority') },
    logs: { append: unset('logs') },
    queues: { send: unset('queues') },
    functions: { invokeAsync: unset('functions') },
    topics: { publish: unset('topics') },
    events: { put: unset('events') },
    images: { pull: unset('images') },
    jobs: { submit: unset('jobs') },
    // Nothing depends on who looks at metrics: without CloudWatch nobody does.
    metrics: { count: () => {}, level: () => {} },
    secrets: { parameter: unset('secrets'), secret: unset('secrets') },
  };
}
