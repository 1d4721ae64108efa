import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as batchSdk from '@aws-sdk/client-batch';
import * as s3Sdk from '@aws-sdk/client-s3';
import { realClock } from '../../scripts/local-aws/runtime/clock.ts';
import { createS3 } from '../../scripts/local-aws/services/s3/s3.ts';
import { awsServer } from '../../scripts/local-aws/wire/server.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { createWorld } from '../../scripts/local-aws/world.ts';
import { openAuthority } from '../support/open-authority.ts';

interface Submission {
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly containerOverrides?: batchSdk.ContainerOverrides | undefined;
  readonly parameters?: Record<string, string> | undefined;
  readonly arrayProperties?: batchSdk.ArrayProperties | undefined;
}

/** A Batch that only takes jobs. */
interface Batch {
  /** What was accepted, in order; the job ids are `job-1`, `job-2` … */
  readonly submitted: Submission[];
  /** Called before a submission is accepted; what it throws is Batch's answer, and there is no job. */
  before: (submission: Submission) => Promise<void> | void;
  /** Called after it is accepted; what it throws is Batch's answer all the same. */
  after: (submission: Submission) => void;
}

export interface Aws {
  readonly batch: Batch;
  readonly s3: s3Sdk.S3Client;
  close(): Promise<void>;
}

export const stateBucket = 'state';

/**
 * The embedded S3 with the bucket for claims, and a Batch, behind a real server. The environment of this process then
 * says where they are, as a function's does: handlers are to be imported after this.
 */
export async function startAws(): Promise<Aws> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-lambdas-'));
  const base = createWorld({
    account: '123456789012',
    region: 'eu-central-1',
    directory,
    clock: realClock(),
    endpoint: () => '',
  });
  const world = { ...base, ports: { ...base.ports, authority: openAuthority } };
  const s3Service = createS3(world);
  const batch: Batch = { submitted: [], before: () => {}, after: () => {} };
  const server = awsServer({
    s3: () => defineService(s3Sdk, s3Sdk.S3Client)(s3Service.handlers),
    batch: () => defineService(batchSdk, batchSdk.BatchClient)(batchHandlers(batch)),
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const variables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_REGION: world.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    STATE_BUCKET: stateBucket,
  };
  Object.assign(process.env, variables);
  const s3 = new s3Sdk.S3Client({});
  await s3.send(new s3Sdk.CreateBucketCommand({ Bucket: stateBucket }));
  const close = async () => {
    for (const stop of world.onStop.toReversed()) await stop();
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  };
  return { batch, s3, close };
}

function batchHandlers(batch: Batch): Handlers<typeof batchSdk> {
  return {
    async SubmitJob(input) {
      await batch.before(input);
      batch.submitted.push(input);
      batch.after(input);
      return { jobName: input.jobName, jobId: `job-${batch.submitted.length}` };
    },
    ListJobs({ jobQueue, filters = [] }) {
      const [filter] = filters;
      const jobSummaryList = batch.submitted.flatMap((job, at) =>
        job.jobQueue === jobQueue && filter?.name === 'JOB_NAME' && filter.values?.[0] === job.jobName
          ? [{ jobId: `job-${at + 1}`, jobName: job.jobName, createdAt: at }]
          : [],
      );
      return { jobSummaryList };
    },
  };
}

/** What Lambda hands to a handler beside the event. */
export const contextWith = (milliseconds: number) => {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() };
};
