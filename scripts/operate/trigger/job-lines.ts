import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Job } from '../job.ts';
import { type LogReader, logReader } from '../job-log.ts';
import type { Tell } from './told.ts';

/** Tells the lines of a job's log; those of children carry their index, those of attempts the attempt. */
export interface JobLines {
  /** Tells what is new in one attempt's log; says how many lines that was. */
  read(job: Job, attempt: number, stream: string | undefined): Promise<number>;
  /** The same of all attempts of a child of an array. */
  readChild(child: Job, index: string): Promise<number>;
}

/** Of the attempt that is under way. While the next one waits, a job still shows the stream of the last. */
export const currentStream = ({ stream, attempts }: Job): string | undefined =>
  attempts.some((attempt) => attempt.stream === stream) ? undefined : stream;

export function jobLines(logs: CloudWatchLogsClient, tell: Tell): JobLines {
  const readers = new Map<string, LogReader>();
  const tellNew = async (group: string, name: string | undefined, label: string): Promise<number> => {
    if (name === undefined) return 0;
    const reader = readers.get(name) ?? logReader(logs, { group, name });
    readers.set(name, reader);
    const lines = await reader.next();
    for (const line of lines) tell({ type: 'line', label, line });
    return lines.length;
  };
  const labelOf = ({ mostAttempts }: Job, attempt: number): string => (mostAttempts > 1 ? String(attempt) : '');
  return {
    read: (job, attempt, stream) => tellNew(job.logGroup, stream, labelOf(job, attempt)),
    readChild: async (child, index) => {
      const streams = [...child.attempts.map(({ stream }) => stream), currentStream(child)];
      let count = 0;
      for (const [at, stream] of streams.entries()) {
        const attempt = labelOf(child, at + 1);
        count += await tellNew(child.logGroup, stream, attempt === '' ? `[${index}]` : `[${index}] ${attempt}`);
      }
      return count;
    },
  };
}
