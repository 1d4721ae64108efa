import type { OpenEnvironment } from '../../control/environment.ts';
import { handOver, standingOf } from './handing-over.ts';
import type { Opened, Outcome } from './rendering.ts';

/** What is done with one letter. */
export type Handle = (environment: OpenEnvironment, opened: Opened) => Promise<Outcome>;

const notOurs: Outcome = {
  result: 'left',
  because: 'it took too long, and somebody else may have it now; run this again',
};

/** One letter through its function; it is deleted once that has taken it, and not before. */
export const replayOne: Handle = async ({ aws, loaded: { site } }, { queue, envelope, invoke }) => {
  if ('impossible' in invoke) {
    await queue.giveBack([envelope]);
    return { result: 'left', because: invoke.impossible };
  }
  if (!(await queue.keep(envelope))) return notOurs;
  const answer = await handOver(aws, site, invoke);
  if ('failed' in answer) {
    await queue.giveBack([envelope]);
    return { result: 'left', because: answer.failed };
  }
  await queue.remove(envelope);
  const jobs = await Promise.all(
    answer.jobIds.map(async (jobId) => ({ jobId, standing: await standingOf(aws, jobId) })),
  );
  return { result: 'taken', jobs, before: answer.before };
};

/** Deletes one letter, whatever it is: nothing runs. */
export const discardOne: Handle = async (_environment, { queue, envelope }) => {
  if (!(await queue.keep(envelope))) return notOurs;
  await queue.remove(envelope);
  return { result: 'discarded' };
};
