import { interruptedCode } from '../../control/interruption.ts';
import { exitCodeIn, type Job, tookOf } from '../job.ts';
import { counted, spanText } from '../wording.ts';
import type { FailedChild } from './told.ts';

/** How following a job ended: with the job's own end, or before it. */
export interface Outcome {
  readonly job: Job;
  readonly ending: 'ended' | 'not waited for' | 'timed out' | 'left running';
  readonly failed: readonly FailedChild[];
}

const failedCode = 1;
/** What timeout(1) ends with. */
const timeoutCode = 124;

/** The exit code of a job that failed: its container's, of an array that of the first child that failed. */
const codeOfFailed = ({ job, failed }: Outcome): number =>
  (job.children === undefined ? exitCodeIn(job) : failed.find(({ exitCode }) => exitCode)?.exitCode) || failedCode;

/** A container that exits 0 and yet fails, such as one that is terminated, is no success. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome.ending) {
    case 'ended':
      return outcome.job.status === 'SUCCEEDED' ? 0 : codeOfFailed(outcome);
    case 'not waited for':
      return 0;
    case 'timed out':
      return timeoutCode;
    case 'left running':
      return interruptedCode;
    default:
      return outcome.ending satisfies never;
  }
}

export const childText = ({ index, exitCode, reason }: FailedChild): string =>
  `child ${index}: ${exitCode === undefined ? 'never started' : `exit code ${exitCode}`}${reason === '' ? '' : `: ${reason}`}`;

/** Why a job that failed did so; of one that never started, why it did not. */
function whyFailed({ job, failed }: Outcome): string {
  const { attempts, children, mostAttempts, reason } = job;
  if (children !== undefined) {
    const { FAILED: lost = failed.length } = children.byStatus;
    return failed.length === 0 ? reason : `${lost} of ${counted(children.size, 'child', 'children')} failed`;
  }
  const last = attempts.at(-1);
  const why = last?.reason || reason;
  if (last?.exitCode === undefined) return `never started: ${why}`;
  const attempt = mostAttempts > 1 ? ` in attempt ${attempts.length} of ${mostAttempts}` : '';
  return `exit code ${last.exitCode}${attempt}: ${reason === '' || why.startsWith(reason) ? why : `${reason}: ${why}`}`;
}

/** How a job ended, in one line. */
export function outcomeText(outcome: Outcome): string {
  const { job, ending } = outcome;
  if (ending === 'not waited for') return `${job.name} is submitted`;
  if (ending === 'timed out') return `${job.name} is still ${job.status} when the time is over, and goes on`;
  if (ending === 'left running') return `${job.name} is left ${job.status}, and goes on`;
  const took = spanText(tookOf(job) ?? 0);
  if (job.status !== 'SUCCEEDED') return `FAILED after ${took}: ${job.name}: ${whyFailed(outcome)}`;
  const attempt = job.attempts.length > 1 ? `, in attempt ${job.attempts.length} of ${job.mostAttempts}` : '';
  const children = job.children === undefined ? '' : `, all ${counted(job.children.size, 'child', 'children')}`;
  return `SUCCEEDED in ${took}: ${job.name}${attempt}${children}`;
}

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

/** The same for programs. */
export function outcomeDocument(outcome: Outcome) {
  const { job, ending, failed } = outcome;
  return {
    jobId: job.id,
    jobName: job.name,
    jobQueue: job.queue,
    jobDefinition: job.definition,
    status: job.status,
    ending,
    exitCode: exitCodeOf(outcome),
    outcome: outcomeText(outcome),
    createdAt: iso(job.createdAt),
    startedAt: iso(job.startedAt),
    stoppedAt: iso(job.stoppedAt),
    attempts: job.attempts.map(({ number, exitCode, reason, startedAt, stoppedAt, stream }) => ({
      ...{ number, exitCode, reason, startedAt: iso(startedAt), stoppedAt: iso(stoppedAt), logStream: stream },
    })),
    ...(job.children !== undefined && { children: { ...job.children, failed } }),
  };
}

/** No text breaks out of its cell. */
const cell = (text: string | number | undefined): string =>
  String(text ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('<', '&lt;');

const row = (...cells: readonly (string | number | undefined)[]): string => `| ${cells.map(cell).join(' | ')} |`;

/** A table for GitHub's summary of a run: one row an attempt. */
export function summaryMarkdown(outcome: Outcome): string {
  const { job, failed } = outcome;
  const rows = job.attempts.map(({ number, startedAt, stoppedAt, exitCode, reason }) => {
    const took = startedAt === undefined || stoppedAt === undefined ? '' : spanText(stoppedAt - startedAt);
    return row(`${number} of ${job.mostAttempts}`, iso(startedAt), iso(stoppedAt), took, exitCode, reason);
  });
  return [
    `### ${cell(outcomeText(outcome))}`,
    '',
    `Job \`${job.id}\` in queue \`${job.queue}\`, definition \`${job.definition}\`, submitted ${iso(job.createdAt)}.`,
    '',
    '| attempt | started | stopped | took | exit code | reason |',
    '|---|---|---|---|---|---|',
    ...(rows.length === 0 ? [row('none', '', '', '', '', job.reason)] : rows),
    ...failed.slice(0, 20).map((child, at) => `${at === 0 ? '\n' : ''}- ${cell(childText(child))}`),
    ...(failed.length > 20 ? [`- and ${failed.length - 20} more`] : []),
    '',
    '',
  ].join('\n');
}
