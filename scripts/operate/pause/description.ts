import { names, type Site } from '../../config/names.ts';
import { resumeCommand } from '../../control/paused.ts';
import { deadLetterNames } from '../../desired/parts.ts';
import type { Missed } from './fire-times.ts';
import type { Pausable } from './pausable.ts';

/** Something and the state that it is to be put into. */
export interface Switch {
  readonly pausable: Pausable;
  readonly to: string;
}

export const titleOf = ({ kind, name }: Pick<Pausable, 'kind' | 'name'>): string =>
  `${kind.replaceAll('-', ' ')} "${name}"`;

/** Jobs that a queue has, and whether there are more than were counted. */
export interface Active {
  readonly count: number;
  readonly more: boolean;
}

function goingOn({ count, more }: Active): string {
  if (count === 0) return 'it has none now';
  return count === 1 && !more
    ? 'the one that it has goes on'
    : `the ${more ? `more than ${count}` : count} that it has go on`;
}

/** What switching something off means; `jobs` of a queue. */
const offText = ({ kind }: Pausable, jobs: Active | undefined): string =>
  kind === 'job-queue' ? `takes no new jobs; ${goingOn(jobs ?? { count: 0, more: false })}` : 'fires no more';

const onText = ({ kind }: Pausable, missed: Missed | undefined): string => {
  if (kind === 'job-queue') return 'takes jobs again';
  if (missed === undefined) return 'fires again; it missed no time';
  const { count, more, last } = missed;
  const often = more ? `more than ${count} times` : count === 1 ? 'one time' : `${count} times`;
  return `fires again; it missed ${often}, ${count === 1 ? '' : 'the last '}${last.toISOString().slice(0, 19)}Z`;
};

const aligned = (rows: readonly (readonly [title: string, text: string])[]): string[] => {
  const width = Math.max(0, ...rows.map(([title]) => title.length));
  return rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}`);
};

/** What a pause does, a line each. */
export const offLines = (switches: readonly Switch[], jobs: ReadonlyMap<string, Active>): string[] =>
  aligned(switches.map(({ pausable }) => [titleOf(pausable), offText(pausable, jobs.get(pausable.name))]));

/** What a resume does; of what fires at times with what it missed. */
export const onLines = (switches: readonly Switch[], missed: (pausable: Pausable) => Missed | undefined): string[] =>
  aligned(
    switches.map(({ pausable, to }) => [
      titleOf(pausable),
      to === 'DISABLED' ? 'is disabled, as it was before' : onText(pausable, missed(pausable)),
    ]),
  );

/** What people should know who pause. `expecting` are the schedules with an alarm on missing successes. */
export const consequences = (site: Site, expecting: readonly string[]): string[] => [
  'Jobs that were submitted go on to their end, also those that wait in a queue: all that a disabled queue does is to take no new ones.',
  'Fire times that pass meanwhile are not made up for. Resuming says which they were.',
  `Messages that come meanwhile find no queue that takes their job. They end in queue ${names.queue(site, deadLetterNames.invocations)}, and its alarms go off; replay them once it is resumed: npm run replay -- --environment ${site.environment}`,
  ...(expecting.length === 0
    ? []
    : [`Alarms go off for want of a success (expectSuccessWithin) if it takes long: ${expecting.join(', ')}.`]),
  `An apply in between changes everything else and leaves this as it is. It ends with: ${resumeCommand(site)}`,
];
