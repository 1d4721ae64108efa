import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import { s3Client, snsClient } from '../../jobs/process/clients.ts';
import { bundle } from '../../scripts/build/bundle.ts';
import { type LocalAws, startLocalAws } from '../../scripts/local-aws/server.ts';
import { jobFlags, jobVariables } from './job-flags.ts';
import { startTopicRecorder, type TopicRecorder } from './topic-recorder.ts';

export type JobEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** How a job's process ended, with the events it logged. */
export interface JobEnd {
  readonly exitCode: number | null;
  readonly events: readonly JobEvent[];
  readonly last: JobEvent;
  readonly stderr: string;
}

export type JobName = 'feed-watcher' | 'feed-consumer';
type Variables = Readonly<Record<string, string>>;

/** The embedded AWS with a bucket, a topic that records, and the jobs' bundles to run as processes. */
export class JobWorld implements AsyncDisposable {
  readonly bucket = 'feeds';
  readonly aws: LocalAws;
  readonly topic: TopicRecorder;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly directory: string;
  readonly #bundles = new Map<JobName, string>();

  private constructor(aws: LocalAws, topic: TopicRecorder) {
    this.aws = aws;
    this.topic = topic;
    this.directory = mkdtempSync(join(tmpdir(), 'jobs-'));
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.s3 = s3Client({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
    this.sns = snsClient({ endpoint: topic.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  }

  static async start(): Promise<JobWorld> {
    const world = new JobWorld(await startLocalAws(), await startTopicRecorder());
    await world.s3.send(new CreateBucketCommand({ Bucket: world.bucket }));
    return world;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.s3.destroy();
    this.sns.destroy();
    await this.topic[Symbol.asyncDispose]();
    await this.aws.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs a job to its end. */
  async run(job: JobName, variables: Variables): Promise<JobEnd> {
    return await ended(await this.start(job, variables));
  }

  /** The environment that Batch would give a job. */
  environment(variables: Variables): Readonly<Record<string, string>> {
    return {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: this.aws.endpoint,
      AWS_ENDPOINT_URL_SNS: this.topic.endpoint,
      BUCKET: this.bucket,
      ...variables,
    };
  }

  /** Starts a job's process with that environment. */
  async start(job: JobName, variables: Variables): Promise<ChildProcess> {
    // What a job leaves that is killed goes with the world.
    const image = Object.fromEntries(jobVariables(job).map((each) => each.split('=')));
    const own = { PATH: process.env['PATH'] ?? '', TMPDIR: this.directory };
    const env = { ...image, ...own, ...this.environment(variables) };
    return spawn(process.execPath, [...jobFlags(job), await this.#bundle(job)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async #bundle(job: JobName): Promise<string> {
    const known = this.#bundles.get(job);
    if (known !== undefined) return known;
    const file = join(this.directory, `${job}.mjs`);
    writeFileSync(file, await bundle(`jobs/${job}/main.ts`));
    this.#bundles.set(job, file);
    return file;
  }

  /** Stores an object and gives its entity tag. */
  async put(key: string, body: string | Uint8Array): Promise<string> {
    const { ETag = '' } = await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body }));
    return ETag;
  }

  /** An object's bytes; `undefined` when there is none. */
  async get(key: string): Promise<Buffer | undefined> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async etagOf(key: string): Promise<string | undefined> {
    return (await this.s3.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }))).ETag;
  }

  async keys(prefix = ''): Promise<string[]> {
    const { Contents } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix }));
    return (Contents ?? []).flatMap(({ Key }) => Key ?? []);
  }
}

/** Waits for a job's end. Throws when a line of its log is not an event. */
export async function ended(child: ChildProcess): Promise<JobEnd> {
  if (child.stdout === null || child.stderr === null) throw new Error('the job was started without pipes');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), exit(child)]);
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(parseEvent);
  return { exitCode: child.exitCode, events, last: events.at(-1) ?? { event: 'nothing logged', stderr }, stderr };
}

async function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function parseEvent(line: string): JobEvent {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || !('event' in value) || typeof value.event !== 'string')
    throw new Error(`not an event: ${line}`);
  return { ...value, event: value.event };
}
