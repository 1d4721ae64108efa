import { sentOf } from './checkpoint.ts';
import type { Covered } from './progress.ts';
import { RefusalError } from './rejects.ts';

/** A destination that takes none of so many records refuses the feed, and not some records of it. */
const telling = 100;

/** A delivery that has come to its end. */
export interface Ended extends Covered {
  readonly rejected: number;
  /** All records of a snapshot, all of one of its parts, or what changed, where that is not all of them. */
  readonly of: 'all' | 'part' | 'changes';
  /** Nothing of the delivery before this one was taken either. */
  readonly isSecond: boolean;
}

/**
 * Whether a delivery of which nothing was taken is a failure. One record that is refused may be all that changed, and
 * must not fail its job for ever; a destination that takes none of a whole feed, none of many records, or none in two
 * deliveries one after the other has changed, and somebody must know. What nobody was asked about, since it breaks a
 * rule of a field, tells nothing about the destination; a whole feed of such records tells of the feed or the rules.
 */
export function judge({ of, isSecond, ...ended }: Ended, file: string): RefusalError | undefined {
  const { rejected, withheld } = ended;
  const offered = sentOf(ended) - withheld;
  const readable = offered - ended.deletions;
  if (offered > 0 && rejected - withheld === offered && (of === 'all' || isSecond || offered >= telling))
    return new RefusalError(`delivering the feed: all ${offered} records were refused; the reasons are in ${file}`);
  // Deletions are of records that are no more, and may be taken whatever the records are.
  if (readable === 0 && withheld > 0 && (of === 'all' || (of === 'part' && withheld >= telling)))
    return new RefusalError(
      `delivering the feed: none of its ${withheld} records can be read and keeps the rules of its fields; the reasons are in ${file}`,
    );
  return undefined;
}
