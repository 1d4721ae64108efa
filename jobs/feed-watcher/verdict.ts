import type { SnapshotMessage } from '../messages/feed-message.ts';
import type { FeedState } from '../messages/feed-state.ts';
import { isMoreThan, type Percentage } from '../messages/percentage.ts';
import type { Content } from './intake/inspection.ts';
import type { Settings } from './settings.ts';

/** What is to become of a feed that is whole. */
export type Verdict =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'news' }
  /** As news, but it looks like an outage. */
  | { readonly kind: 'held'; readonly reason: string };

/**
 * A feed without a record, or with far fewer than the last one, is held: real feeds are so when their source is down. The
 * first one without a record is held too: JOB_XML_TAG may be wrong.
 */
export function judge(content: Content, state: FeedState, settings: Settings): Verdict {
  const { current } = state;
  const isAlike = current !== undefined && isReadAlike(current, settings);
  if (isAlike && content.sha256 === (state.content ?? current.sha256)) return { kind: 'unchanged' };
  const reason = suspicion(content.records, current, isAlike, settings);
  return reason === undefined ? { kind: 'news' } : { kind: 'held', reason };
}

function suspicion(
  records: number,
  current: SnapshotMessage | undefined,
  isAlike: boolean,
  { jobXmlTag, feed }: Settings,
): string | undefined {
  const before = current?.records;
  if (records === 0 && before !== 0)
    return current === undefined || !isAlike
      ? `it has no <${jobXmlTag}>; check JOB_XML_TAG, or wait for its first record`
      : `it has no <${jobXmlTag}>, the last one had ${before ?? 'some'}; ${current.key} stays current`;
  // With other rules for its fields a feed has as many records as ever.
  if (current?.jobXmlTag !== jobXmlTag || before === undefined) return undefined;
  const { maxShrink } = feed;
  if (!isMoreThan(maxShrink, before - records, before)) return undefined;
  return `it has ${records} <${jobXmlTag}>, the last one had ${before}: ${shownLoss(before - records, before, maxShrink)} fewer, and maxShrink is ${maxShrink}; ${current.key} stays current`;
}

/** With as many digits as it takes to be more than the percentage beside it. */
function shownLoss(lost: number, before: number, maxShrink: Percentage): string {
  const percents = (lost / before) * 100;
  const digits = [0, 1, 2, 3].find((count) => Number(percents.toFixed(count)) > Number(maxShrink.replace('%', '')));
  return `${digits === undefined ? percents : percents.toFixed(digits)}%`;
}

/** Whether a snapshot is read as the settings now say. If not, its records are others, though its content be the same. */
export const isReadAlike = (current: SnapshotMessage, { jobXmlTag, emptyCDATA, feed }: Settings): boolean =>
  current.jobXmlTag === jobXmlTag &&
  current.emptyCDATA === emptyCDATA &&
  JSON.stringify(current.fields ?? {}) === JSON.stringify(feed.fields ?? {});
