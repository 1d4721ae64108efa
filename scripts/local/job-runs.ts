import { type BatchClient, DescribeJobsCommand, type JobDetail, paginateListJobs } from '@aws-sdk/client-batch';
import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

/** What a job says of itself in its last line of log: one JSON object an event. */
export type JobEvent = Readonly<Record<string, unknown>>;

/** One job as Batch describes it. Times are milliseconds since the epoch, on the clock of the embedded AWS. */
export interface JobRun {
  readonly jobId: string;
  readonly jobName: string;
  readonly jobDefinition: string;
  readonly status: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly attempts: number;
  readonly logGroup: string;
  readonly logStream?: string;
}

export const hasEnded = (run: JobRun): boolean => run.status === 'SUCCEEDED' || run.status === 'FAILED';

/** Every job submitted to the queues since a time, oldest first. */
export async function jobRunsSince(batch: BatchClient, queues: readonly string[], since: number): Promise<JobRun[]> {
  const ids: string[] = [];
  for (const jobQueue of queues) {
    // ListJobs shows RUNNING jobs only, unless a filter is given.
    const filters = [{ name: 'AFTER_CREATED_AT', values: [String(since - 1)] }];
    for await (const page of paginateListJobs({ client: batch }, { jobQueue, filters }))
      ids.push(...(page.jobSummaryList ?? []).flatMap(({ jobId }) => jobId ?? []));
  }
  const runs: JobRun[] = [];
  for (let from = 0; from < ids.length; from += 100) {
    const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: ids.slice(from, from + 100) }));
    runs.push(...(jobs ?? []).map(jobRun));
  }
  return runs.sort((a, b) => a.createdAt - b.createdAt);
}

function jobRun(job: JobDetail): JobRun {
  const attempt = job.attempts?.at(-1);
  const container = attempt?.container ?? job.container;
  const reason = container?.reason ?? job.statusReason;
  const logStream = container?.logStreamName ?? job.container?.logStreamName;
  return {
    jobId: job.jobId ?? '',
    jobName: job.jobName ?? '',
    jobDefinition: /job-definition\/(.+):\d+$/.exec(job.jobDefinition ?? '')?.[1] ?? job.jobDefinition ?? '',
    status: job.status ?? 'UNKNOWN',
    createdAt: job.createdAt ?? 0,
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...(job.stoppedAt !== undefined && { stoppedAt: job.stoppedAt }),
    ...(container?.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(reason !== undefined && { reason }),
    attempts: job.attempts?.length ?? 0,
    logGroup: job.container?.logConfiguration?.options?.['awslogs-group'] ?? '/aws/batch/job',
    ...(logStream !== undefined && { logStream }),
  };
}

/** The last lines of a job's log, oldest first; empty before it has written any. */
export async function logTail(logs: CloudWatchLogsClient, run: JobRun, lines: number): Promise<string[]> {
  if (run.logStream === undefined) return [];
  const { events } = await logs.send(
    new GetLogEventsCommand({
      logGroupName: run.logGroup,
      logStreamName: run.logStream,
      limit: lines,
      startFromHead: false,
    }),
  );
  return (events ?? []).map(({ message }) => message ?? '');
}

/** The last event a job logged, or `undefined` when its last line is not a JSON object. */
export async function lastEvent(logs: CloudWatchLogsClient, run: JobRun): Promise<JobEvent | undefined> {
  const [line] = await logTail(logs, run, 1);
  return line === undefined ? undefined : parseEvent(line);
}

function parseEvent(line: string): JobEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
