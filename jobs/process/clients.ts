import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { explainErrors } from './aws-errors.ts';

// Said at the first construction of a client, and of no use to who reads a job's log.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/**
 * Milliseconds until a connection that is not made, and one on which nothing moves, is given up. The SDK would wait for
 * ever: a job that hangs tells nobody. What is given up is tried again, reads of a snapshot where they stopped.
 */
const requestHandler = { connectionTimeout: 10_000, socketTimeout: 60_000 };

/** Region, credentials and endpoint come from the environment that Batch gives the job, unless they are given. */
export const s3Client = (given: S3ClientConfig = {}): S3Client =>
  explainErrors(new S3Client({ requestHandler, ...given }));

export const snsClient = (given: SNSClientConfig = {}): SNSClient =>
  explainErrors(new SNSClient({ requestHandler, ...given }));
