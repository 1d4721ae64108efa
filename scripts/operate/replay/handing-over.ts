import { DescribeJobsCommand } from '@aws-sdk/client-batch';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { Aws } from '../../aws/clients.ts';
import { names, type Site } from '../../config/names.ts';
import type { FunctionName } from '../../desired/parts.ts';
import { isBug, reasonOf } from '../../reconcile/errors.ts';
import { parsed } from './letter.ts';

/** What became of an invocation: the jobs that it led to, or why it failed. */
export type HandedOver = { readonly jobIds: readonly string[]; readonly before: boolean } | { readonly failed: string };

const Answer = z.union([
  z.object({ jobId: z.string() }).transform(({ jobId }) => [jobId]),
  z.object({ jobIds: z.array(z.string()) }).transform(({ jobIds }) => jobIds),
]);
const Failure = z.object({ errorMessage: z.string() });

/** Whether the function found that its job had been submitted before: it says so in its log. */
const saysBefore = (log: string | undefined): boolean =>
  Buffer.from(log ?? '', 'base64')
    .toString()
    .includes('"alreadySubmitted"');

/** Invokes a function and waits for its answer. It claims the job's name: handed over twice, it submits once. */
export async function handOver(
  { lambda }: Aws,
  site: Site,
  { function: name, payload }: { readonly function: FunctionName; readonly payload: unknown },
): Promise<HandedOver> {
  const FunctionName = names.function(site, name);
  try {
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), LogType: 'Tail' }),
    );
    const body = parsed(Buffer.from(answer.Payload ?? []).toString());
    if (answer.FunctionError !== undefined) {
      return {
        failed: Failure.safeParse(body).data?.errorMessage ?? `function ${FunctionName} ${answer.FunctionError}`,
      };
    }
    const jobIds = Answer.safeParse(body).data;
    if (jobIds === undefined) return { failed: `function ${FunctionName} answered something else than its jobs` };
    return { jobIds, before: saysBefore(answer.LogResult) };
  } catch (error) {
    if (isBug(error)) throw error;
    return { failed: `invoking function ${FunctionName}: ${reasonOf(error)}` };
  }
}

/** How a job stands, with Batch's reason where it failed. */
export interface Standing {
  readonly status: string;
  readonly reason: string | undefined;
}

/** `undefined` where Batch does not know the job any more. */
export async function standingOf({ batch }: Aws, jobId: string): Promise<Standing | undefined> {
  const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
  const [job] = jobs;
  if (job?.status === undefined) return undefined;
  return { status: job.status, reason: job.status === 'FAILED' ? job.statusReason : undefined };
}
