import type { Site } from '../../config/names.ts';
import { exitCodeIn, type Job, reasonText, tookOf } from '../job.ts';
import { type Row, tableLines, wrapped } from '../table.ts';
import { spanText } from '../wording.ts';
import type { ActiveJob } from './active.ts';
import { headIn, indent, type Paint, timeText, width } from './page.ts';
import { acceptCommand, type Ran, type Run } from './runs.ts';
import type { Source } from './sources.ts';
import type { Status } from './status.ts';

const childrenText = ({ children }: Job): string => {
  if (children === undefined) return '';
  const { SUCCEEDED: succeeded = 0, FAILED: failed = 0 } = children.byStatus;
  return `${succeeded + failed}/${children.size} children done${failed === 0 ? '' : `, ${failed} failed`}`;
};

/** What runs and what waits, and why. */
export function activeLines({ active, moreActive, at }: Status, paint: Paint): string[] {
  if (active.length === 0) return [paint('bold', 'now'), `${indent}nothing runs, and nothing waits`];
  const row = ({ job, queue, since, why }: ActiveJob): Row => ({
    cells: [job.name, queue, job.status, spanText(at.getTime() - since)],
    below: [
      paint('dim', `${indent}${reasonText(job.id, childrenText(job))}`),
      ...why.flatMap((each) => wrapped(each, width, indent)),
    ],
  });
  const columns = [
    { head: 'now', most: 58 },
    { head: 'queue', most: 16 },
    { head: 'state', most: 9 },
    { head: 'for', most: 12, isNumber: true },
  ];
  return [
    ...tableLines(columns, active.map(row), headIn(paint)),
    ...(moreActive ? [`${indent}and more that wait`] : []),
  ];
}

const sayingOf = ({ event = '', byHand }: Run): string =>
  byHand ? (event === '' ? 'by hand' : `${event}, by hand`) : event;

/** Of a run that failed: which, and why; and the command that publishes what it held, in one line to be copied. */
function failureLines(run: Run, source: Source, { environment }: Site, paint: Paint): string[] {
  const { job, error = '' } = run;
  if (job.status !== 'FAILED') return [];
  const reason = error || job.attempts.at(-1)?.reason || job.reason;
  const accept = acceptCommand(run.accept, source, environment);
  return [
    ...wrapped(reasonText(job.id, childrenText(job), reason), width, indent).map((line) => paint('red', line)),
    ...(accept === undefined ? [] : [paint('dim', `${indent}to publish it: ${accept}`)]),
  ];
}

/** What ran, the latest first. */
export function ranLines({ ran, at }: Status, site: Site, paint: Paint): string[] {
  const rowsOf = ({ source, runs }: Ran): Row[] => {
    const { name } = source;
    if (runs.length === 0) return [{ cells: [name, 'nothing', '', '', '', ''] }];
    return runs.map((run, index) => {
      const { job, records } = run;
      const started = timeText(new Date(job.startedAt ?? job.createdAt), 'UTC', at);
      const code = exitCodeIn(job);
      const result = job.status === 'SUCCEEDED' || code === undefined ? job.status : `${job.status} ${code}`;
      const took = spanText(tookOf(job) ?? 0);
      return {
        cells: [
          index === 0 ? name : '',
          started,
          took,
          result,
          records === undefined ? '' : String(records),
          sayingOf(run),
        ],
        below: failureLines(run, source, site, paint),
      };
    });
  };
  const columns = [
    { head: 'ran', most: 22 },
    { head: 'started (UTC)', most: 16 },
    { head: 'took', most: 11, isNumber: true },
    { head: 'result', most: 10 },
    { head: 'records', most: 8, isNumber: true },
    { head: 'said', most: 23 },
  ];
  const isFailed = ran.some(({ runs }) => runs.some(({ job }) => job.status === 'FAILED'));
  const follow = `npm run trigger -- --environment ${site.environment} --follow`;
  const isMissing = ran.some(({ runs }) => runs.length === 0);
  return [
    ...tableLines(columns, ran.flatMap(rowsOf), headIn(paint)),
    ...(isFailed ? [paint('dim', `${indent}the log of one: ${follow} ID`)] : []),
    ...(isMissing ? [paint('dim', `${indent}Batch keeps jobs that have ended for about 7 days only`)] : []),
  ];
}
