import type { ArrayPropertiesDetail, JobDetail, JobStatus, JobSummary } from '@aws-sdk/client-batch';
import type { Job } from './state.ts';

/** A job as DescribeJobs and the state-change events show it. */
export const jobDetail = (job: Job): JobDetail => ({
  jobArn: job.arn,
  jobName: job.name,
  jobId: job.id,
  jobQueue: job.queue.arn,
  status: job.status,
  shareIdentifier: job.shareIdentifier,
  schedulingPriority: job.schedulingPriority,
  attempts: job.attempts.map((each) => ({ ...each })),
  statusReason: job.statusReason,
  createdAt: job.createdAt,
  retryStrategy: { attempts: 1, evaluateOnExit: [], ...job.retryStrategy },
  startedAt: job.startedAt,
  stoppedAt: job.stoppedAt,
  dependsOn: [...job.dependsOn],
  jobDefinition: job.definition.arn,
  parameters: { ...job.parameters },
  container: { ...job.container, networkInterfaces: [], ...job.current },
  arrayProperties: arrayProperties(job),
  timeout: job.timeoutSeconds === undefined ? undefined : { attemptDurationSeconds: job.timeoutSeconds },
  tags: { ...job.tags },
  propagateTags: job.propagateTags,
  platformCapabilities: job.definition.platformCapabilities ?? ['EC2'],
  eksAttempts: [],
  isCancelled: job.stop?.kind === 'cancelled',
  isTerminated: job.stop?.kind === 'terminated',
});

/** A job as ListJobs shows it. */
export function jobSummary(job: Job): JobSummary {
  const { exitCode, reason } = job.current;
  return {
    jobArn: job.arn,
    jobId: job.id,
    jobName: job.name,
    createdAt: job.createdAt,
    shareIdentifier: job.shareIdentifier,
    status: job.status,
    statusReason: job.statusReason,
    startedAt: job.startedAt,
    stoppedAt: job.stoppedAt,
    container: exitCode === undefined && reason === undefined ? undefined : { exitCode, reason },
    arrayProperties: job.array === undefined ? arrayProperties(job) : { size: job.array.children.length },
    jobDefinition: job.definition.arn,
  };
}

function arrayProperties({ array, child }: Job): ArrayPropertiesDetail | undefined {
  if (child !== undefined) return { index: child.index };
  if (array === undefined) return undefined;
  const statusSummary: Record<JobStatus, number> = {
    SUBMITTED: 0,
    PENDING: 0,
    RUNNABLE: 0,
    STARTING: 0,
    RUNNING: 0,
    SUCCEEDED: 0,
    FAILED: 0,
  };
  for (const { status } of array.children) statusSummary[status] += 1;
  return { size: array.children.length, statusSummary };
}
