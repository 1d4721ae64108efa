import type { World } from '../../world.ts';
import { type ComputeEnvironment, isFargate, type Job } from './state.ts';

/**
 * The variables a container gets besides its image's: Fargate's (docs.aws.amazon.com/AmazonECS/latest/developerguide/
 * fargate-metadata.html; on EC2 the region is not among them), the definition's and the submission's, Batch's own
 * (docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html), and what keeps every SDK on this machine.
 */
export function attemptEnvironment(
  world: World,
  job: Job,
  environment: ComputeEnvironment,
  credentialsUrl: string | undefined,
): Record<string, string> {
  const given = job.container.environment ?? [];
  return {
    ...(isFargate(environment)
      ? { AWS_REGION: world.region, AWS_DEFAULT_REGION: world.region, AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' }
      : { AWS_EXECUTION_ENV: 'AWS_ECS_EC2' }),
    ...Object.fromEntries(given.map(({ name = '', value = '' }) => [name, value])),
    AWS_BATCH_JOB_ID: job.id,
    AWS_BATCH_JOB_ATTEMPT: String(job.attempts.length + 1),
    AWS_BATCH_JQ_NAME: job.queue.name,
    AWS_BATCH_CE_NAME: environment.name,
    ...(job.child !== undefined && {
      AWS_BATCH_JOB_ARRAY_INDEX: String(job.child.index),
      AWS_BATCH_JOB_ARRAY_SIZE: String(job.child.parent.array?.children.length),
    }),
    ...(credentialsUrl !== undefined && { AWS_CONTAINER_CREDENTIALS_FULL_URI: credentialsUrl }),
    AWS_ENDPOINT_URL: world.endpoint(),
    // A job without a role has no credentials, not those of the machine this runs on.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
