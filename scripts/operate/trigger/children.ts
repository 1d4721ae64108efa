import { paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../../aws/clients.ts';
import { describedJobs, type Job, reasonText } from '../job.ts';
import type { JobLines } from './job-lines.ts';
import type { FailedChild, Tell } from './told.ts';

/** Of an array of no more children all logs are told. */
const fewChildren = 10;
/** Milliseconds between two reports of how far an array has come, where no child fails. */
const between = 10_000;

const childId = (job: Job, index: number): string => `${job.id}:${index}`;

async function failedChildren({ batch }: Aws, arrayJobId: string): Promise<FailedChild[]> {
  const failed: FailedChild[] = [];
  for await (const { jobSummaryList = [] } of paginateListJobs(
    { client: batch },
    { arrayJobId, jobStatus: 'FAILED' },
  )) {
    for (const { arrayProperties, container, statusReason } of jobSummaryList) {
      const reason = reasonText(statusReason, container?.reason);
      failed.push({ index: arrayProperties?.index ?? 0, exitCode: container?.exitCode, reason });
    }
  }
  return failed.sort((a, b) => a.index - b.index);
}

/** Follows the children of an array. */
export interface Children {
  /** Tells what has changed; says whether anything has. */
  look(job: Job, now: number): Promise<boolean>;
  readonly failed: readonly FailedChild[];
}

export function childrenOf(aws: Aws, lines: JobLines, tell: Tell): Children {
  let failed: readonly FailedChild[] = [];
  let last = { text: '', at: Number.NEGATIVE_INFINITY };

  const tellFailed = async (job: Job, at: number): Promise<void> => {
    const known = new Set(failed.map(({ index }) => index));
    failed = await failedChildren(aws, job.id);
    for (const child of failed) if (!known.has(child.index)) tell({ type: 'child', at, child });
  };

  const read = async (job: Job, size: number): Promise<number> => {
    if (size > fewChildren) return 0;
    const ids = Array.from({ length: size }, (_, index) => childId(job, index));
    let count = 0;
    for (const child of await describedJobs(aws, ids))
      count += await lines.readChild(child, child.id.slice(job.id.length + 1));
    return count;
  };

  return {
    get failed() {
      return failed;
    },
    look: async (job, at) => {
      const { children } = job;
      if (children === undefined) return false;
      const { size, byStatus } = children;
      const count = await read(job, size);
      const { SUCCEEDED: succeeded = 0, FAILED: lost = 0 } = byStatus;
      const text = JSON.stringify(byStatus);
      const isNew = text !== last.text;
      if (isNew && (at - last.at >= between || lost > failed.length || succeeded + lost === size)) {
        tell({ type: 'children', at, children });
        last = { text, at };
      }
      if (lost > failed.length) await tellFailed(job, at);
      return isNew || count > 0;
    },
  };
}
