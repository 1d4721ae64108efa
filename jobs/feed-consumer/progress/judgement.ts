import { shareOf } from '../../messages/percentage.ts';
import { JobError } from '../../process/job-error.ts';
import { type Allowance, mostRejectsOf } from './allowance.ts';
import { sentOf } from './checkpoint.ts';
import type { Covered } from './progress.ts';

/** A destination that takes none of so many records refuses the feed, and not some records of it. */
const enoughToJudge = 100;

/** Where none of the first so many records was taken, the rest is not tried. */
const enoughToGiveUp = 1_000;

/**
 * The destination refuses the feed as such, not some records of it. Nothing counts as done then: once the destination is
 * mended, the next attempt is to try every record again.
 */
export class RefusalError extends JobError {
  override name = 'RefusalError';
}

/** How far a delivery has come. */
interface Sent extends Covered {
  readonly rejected: number;
}

/** A delivery that has come to its end. */
export interface Ended extends Sent {
  /** All records of a snapshot, all of one of its parts, or what changed, where that is not all of them. */
  readonly of: 'all' | 'part' | 'changes';
  /** Nothing of the delivery before this one was taken either. */
  readonly followsRefusal: boolean;
}

/**
 * Whether a delivery of which nothing was taken is a failure. One record that is refused may be all that changed, and
 * must not fail its job for ever; a destination that takes none of a whole feed, none of many records, or none in two
 * deliveries one after the other has changed, and somebody must know. What nobody was asked about, since it breaks a
 * rule of a field, tells nothing about the destination; a whole feed of such records tells of the feed or the rules.
 */
export function judgeEnd({ of, followsRefusal, ...ended }: Ended, file: string): RefusalError | undefined {
  const { withheld } = ended;
  const offered = offeredOf(ended);
  const readable = offered - ended.deletions;
  if (isNothingTaken(ended) && offered > 0 && (of === 'all' || followsRefusal || offered >= enoughToJudge))
    return new RefusalError(`delivering the feed: all ${offered} records were refused; the reasons are in ${file}`);
  // Deletions are of records that are no more, and may be taken whatever the records are.
  if (readable === 0 && withheld > 0 && (of === 'all' || (of === 'part' && withheld >= enoughToJudge)))
    return new RefusalError(
      `delivering the feed: none of its ${withheld} records can be read and keeps the rules of its fields; the reasons are in ${file}`,
    );
  return undefined;
}

/**
 * Whether a delivery that has just begun is a failure already: a wrong token, or a service that wants other fields, is
 * better told at once than after a request for each of a million records. Who allows all records to be refused wants them tried.
 */
export function judgeBeginning(sent: Sent, { share }: Allowance, file: string): RefusalError | undefined {
  const offered = offeredOf(sent);
  const isAllAllowed = shareOf(share, offered) === offered;
  if (isAllAllowed || offered < enoughToGiveUp || !isNothingTaken(sent)) return undefined;
  return new RefusalError(
    `delivering the feed: none of the first ${offered} records was taken, and the rest is not tried; the reasons are in ${file}; mend what they say and run the job again: it begins anew; MAX_REJECTS=100% has it go on all the same`,
  );
}

/**
 * Whether a delivery that has come to its end has more rejects than it may. It keeps its progress: what was taken was
 * taken, and an attempt that delivered it again would have the same rejects. So repeated attempts fail at once and send
 * nothing; it succeeds once so many are allowed, and sends the end alone.
 */
export function judgeRejects(sent: Sent, allowance: Allowance, file: string): JobError | undefined {
  const { rejected } = sent;
  const of = sentOf(sent);
  const most = mostRejectsOf(allowance, of);
  if (rejected <= most) return undefined;
  return new JobError(
    `delivering the feed: ${rejected} of ${of} records were not delivered, and MAX_REJECTS (${allowance.told}) allows ${most}; the reasons are in ${file}; the others were delivered, and running the job again sends no record: with MAX_REJECTS=${rejected} it succeeds, with AGAIN=<word> it delivers all of them once more`,
    { rejected, of, file },
  );
}

/** Records that the destination was asked about. */
const offeredOf = (sent: Sent): number => sentOf(sent) - sent.withheld;

const isNothingTaken = (sent: Sent): boolean => sent.rejected - sent.withheld === offeredOf(sent);
