import { styleText } from 'node:util';
import type { Progress, Report } from '../apply.ts';
import { titled } from '../change.ts';
import { headline, looks } from './looks.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** One event of an apply as one line. */
export function renderProgress(progress: Progress): string {
  const { change } = progress;
  const line = headline(change);
  switch (progress.type) {
    case 'started':
      return `${line}: ${looks[change.action].verb}`;
    case 'waiting':
      return `${line}: waiting: ${progress.forWhat}`;
    case 'applied':
      return `${line}: done in ${seconds(progress.milliseconds)}`;
    case 'failed':
      return `${line}: ${styleText('red', 'failed')} after ${seconds(progress.milliseconds)}: ${progress.reason}`;
    case 'skipped':
      return `${line}: skipped: ${progress.reason}`;
    default:
      return progress satisfies never;
  }
}

/** How many of the slowest are named, and from how many milliseconds on one is slow enough for that. */
const slowest = { most: 3, from: 1_000 } as const;

function slowOnes({ applied, failed }: Report): string {
  const slow = [...applied, ...failed]
    .filter(({ milliseconds }) => milliseconds >= slowest.from)
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, slowest.most)
    .map(({ change, milliseconds }) => `${titled(change.ref)} ${seconds(milliseconds)}`);
  return slow.length === 0 ? '' : `; slowest: ${slow.join(', ')}`;
}

/** From so many on, what was skipped for one reason is listed on one line. */
const listFrom = 4;

function skippedLines(skipped: Report['skipped']): string[] {
  const line = ({ change, reason }: (typeof skipped)[number]): string =>
    `${looks[change.action].verb} ${titled(change.ref)}: skipped, ${reason}`;
  return [...new Set(skipped.map(({ reason }) => reason))].flatMap((reason) => {
    const alike = skipped.filter((each) => each.reason === reason);
    if (alike.length < listFrom) return alike.map(line);
    return [`skipped, ${reason}: ${alike.map(({ change }) => titled(change.ref)).join(', ')}`];
  });
}

/** Everything that was not applied and why, ending in counts and times. */
export function renderReport(report: Report): string {
  const { applied, failed, skipped, milliseconds } = report;
  const failures = failed.map(({ change, reason }) => `${looks[change.action].verb} ${titled(change.ref)}: ${reason}`);
  const bad = failed.length + skipped.length;
  const counted = `${applied.length} applied${bad === 0 ? '' : `, ${failed.length} failed, ${skipped.length} skipped`}`;
  return [...failures, ...skippedLines(skipped), `${counted} in ${seconds(milliseconds)}${slowOnes(report)}`].join(
    '\n',
  );
}
