import { names, type Site } from '../../config/names.ts';
import { suggestion } from '../../config/suggestion.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { deadLetterNames } from '../../desired/parts.ts';
import { PlanError, reasonOf } from '../../reconcile/errors.ts';
import { counted } from '../wording.ts';
import { type DeadLetterQueue, openQueue } from './dead-letter-queue.ts';
import { readingOf } from './invocation.ts';
import { readLetter } from './letter.ts';
import type { Opened } from './rendering.ts';

/** Which letters somebody means. */
export interface Selection {
  readonly queue?: string | undefined;
  /** Beginnings of letters' ids; all letters where there are none. */
  readonly ids: readonly string[];
  readonly limit: number;
}

/** The queues that are meant: all, or one by its name with or without the prefix. */
function queueNames(site: Site, asked: string | undefined): readonly string[] {
  const all = Object.values(deadLetterNames);
  if (asked === undefined) return all.map((name) => names.queue(site, name));
  const found = all.find((name) => asked === name || asked === names.queue(site, name));
  if (found !== undefined) return [names.queue(site, found)];
  throw new PlanError([`replaying letters of queue "${asked}": there is none of this name; ${suggestion(asked, all)}`]);
}

const asksFor =
  ({ ids }: Selection) =>
  (letter: string): boolean =>
    ids.length === 0 || ids.some((begins) => letter.startsWith(begins));

/** Takes letters out of the queues that are meant. Where one is not there nothing was lost in it. */
export async function openQueues(
  { aws, loaded: { site } }: OpenEnvironment,
  selection: Selection,
): Promise<readonly DeadLetterQueue[]> {
  const of = (name: string) => openQueue(aws, name, asksFor(selection), selection.limit);
  const opened = await Promise.all(queueNames(site, selection.queue).map(of));
  return opened.filter((each) => each !== undefined);
}

/** The letters that are meant, the oldest first, each read. */
export async function openedLetters(
  { aws, loaded: { site, config } }: OpenEnvironment,
  queues: readonly DeadLetterQueue[],
  selection: Selection,
): Promise<readonly Opened[]> {
  const isAskedFor = asksFor(selection);
  const asked = queues
    .flatMap((queue) => queue.envelopes.map((envelope) => ({ queue, envelope })))
    .filter(({ envelope }) => isAskedFor(envelope.id))
    .sort((a, b) => a.envelope.sent.getTime() - b.envelope.sent.getTime())
    .slice(0, selection.limit);
  const opened: Opened[] = [];
  for (const each of asked) {
    const letter = readLetter(each.envelope);
    opened.push({ ...each, letter, ...(await readingOf({ aws, site, config }, letter)) });
  }
  return opened;
}

/** Throws PlanError where letters were asked for by their ids, and there are none of these. */
export function refuseUnknown({ owner }: OpenEnvironment, queues: readonly DeadLetterQueue[], { ids }: Selection) {
  if (ids.length === 0) return;
  const others = queues.flatMap(({ envelopes }) => envelopes).length;
  const held = queues.reduce((sum, queue) => sum + queue.held, 0);
  throw new PlanError([
    `looking for dead letters of ${owner}: the id of none begins with ${ids.map((id) => `"${id}"`).join(' or ')}; ` +
      `there ${others === 1 ? 'is one other' : `are ${others === 0 ? 'no' : others} others`}` +
      (held === 0 ? '' : `, and about ${counted(held, 'letter')} in somebody's hands, back within ten minutes`),
  ]);
}

/** What was not handled is given back, and where that fails, SQS does it by itself. */
export async function giveBack(queues: readonly DeadLetterQueue[], settled: ReadonlySet<string>): Promise<void> {
  for (const { name, envelopes, giveBack: give } of queues) {
    const left = envelopes.filter(({ id }) => !settled.has(id));
    await give(left).catch((error: unknown) => {
      process.stderr.write(
        `giving letters back to queue "${name}": ${reasonOf(error)}; they come back by themselves in ten minutes\n`,
      );
    });
  }
}
