import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';

// Said at the first construction of a client, and of no use to who reads a job's log.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Region, credentials and endpoint come from the environment that Batch gives the job. */
export const s3Client = (): S3Client => new S3Client({});

export const snsClient = (): SNSClient => new SNSClient({});
