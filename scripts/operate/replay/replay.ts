import { names, type Site } from '../../config/names.ts';
import { suggestion } from '../../config/suggestion.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import type { CommonFlags } from '../../control/options.ts';
import { pauseText, resumeCommand } from '../../control/paused.ts';
import { ask, isYes } from '../../control/question.ts';
import { saying } from '../../control/reading.ts';
import { withEnvironment } from '../../control/session.ts';
import { deadLetterNames } from '../../desired/parts.ts';
import { PlanError, reasonOf } from '../../reconcile/errors.ts';
import { operating } from '../trouble.ts';
import { counted } from '../wording.ts';
import { type DeadLetterQueue, openQueue } from './dead-letter-queue.ts';
import { handOver, standingOf } from './handing-over.ts';
import { readingOf } from './invocation.ts';
import { readLetter } from './letter.ts';
import { letterDocument, type Opened, type Outcome, renderLetters, renderOutcome } from './rendering.ts';

interface ReplayFlags extends CommonFlags {
  readonly queue?: string;
  /** Beginnings of letters' ids. */
  readonly id?: readonly string[];
  readonly limit: number;
  readonly show?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** The queues that are meant: all, or one by its name with or without the prefix. */
function queueNames(site: Site, asked: string | undefined): readonly string[] {
  const all = Object.values(deadLetterNames);
  if (asked === undefined) return all.map((name) => names.queue(site, name));
  const found = all.find((name) => asked === name || asked === names.queue(site, name));
  if (found !== undefined) return [names.queue(site, found)];
  throw new PlanError([`replaying letters of queue "${asked}": there is none of this name; ${suggestion(asked, all)}`]);
}

async function openAll({ aws, loaded: { site } }: OpenEnvironment, { queue, id = [], limit }: ReplayFlags) {
  const isAskedFor = (letter: string): boolean => id.length === 0 || id.some((begins) => letter.startsWith(begins));
  const opened = await Promise.all(queueNames(site, queue).map((name) => openQueue(aws, name, isAskedFor, limit)));
  return { queues: opened.filter((each) => each !== undefined), isAskedFor };
}

/** What was not handled is given back, and where that fails, SQS does it by itself. */
async function giveBack(queues: readonly DeadLetterQueue[], settled: ReadonlySet<string>): Promise<void> {
  for (const { name, envelopes, giveBack: give } of queues) {
    const left = envelopes.filter(({ id }) => !settled.has(id));
    await give(left).catch((error: unknown) => {
      process.stderr.write(
        `giving letters back to queue "${name}": ${reasonOf(error)}; they come back by themselves in ten minutes\n`,
      );
    });
  }
}

/** One letter through its function; it is deleted once that has taken it, and not before. */
async function replayOne({ aws, loaded: { site } }: OpenEnvironment, opened: Opened): Promise<Outcome> {
  const { queue, envelope, invoke } = opened;
  if ('impossible' in invoke) {
    await queue.giveBack([envelope]);
    return { result: 'left', because: invoke.impossible };
  }
  if (!(await queue.keep(envelope))) {
    return { result: 'left', because: 'it took too long, and somebody else may have it now; run this again' };
  }
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
}

const heldNote = ({ name, held }: DeadLetterQueue): string[] =>
  held === 0
    ? []
    : [`note: queue ${name} has about ${held} more in somebody's hands, which come back within ten minutes`];

/** Throws PlanError as long as it is paused: the queues would refuse each job. */
async function refusePaused(environment: OpenEnvironment): Promise<void> {
  const pause = await environment.pause();
  if (pause === undefined) return;
  const { owner, loaded } = environment;
  throw new PlanError([
    `replaying letters of ${owner}: it is paused ${pauseText(pause)}, and its queues take no jobs; resume it first: ${resumeCommand(loaded.site)}`,
  ]);
}

async function confirmed({ owner }: OpenEnvironment, { yes }: ReplayFlags, count: number): Promise<boolean> {
  const otherwise = `replaying ${counted(count, 'dead letter')} of ${owner}: nobody is here to be asked; say --yes to replay without a question, or --show to look only`;
  return yes || isYes(await ask(`Replay ${counted(count, 'dead letter')} of ${owner}? [y/N] `, otherwise));
}

/** Replays one after the other, and says of each what became of it. A stop lets the one under way come to its end. */
async function replayAll(
  environment: OpenEnvironment,
  letters: readonly Opened[],
  settled: Set<string>,
  tell: (line: string) => void,
): Promise<ReadonlyMap<Opened, Outcome>> {
  const outcomes = new Map<Opened, Outcome>();
  for (const opened of letters) {
    if (environment.aws.signal.aborted) break;
    const outcome = await replayOne(environment, opened);
    outcomes.set(opened, outcome);
    settled.add(opened.envelope.id);
    tell(renderOutcome(environment.loaded.site, opened, outcome));
  }
  return outcomes;
}

async function openedLetters(
  { aws, loaded: { site, config } }: OpenEnvironment,
  queues: readonly DeadLetterQueue[],
  isAskedFor: (id: string) => boolean,
  limit: number,
): Promise<readonly Opened[]> {
  const all = queues.flatMap((queue) => queue.envelopes.map((envelope) => ({ queue, envelope })));
  const asked = all
    .filter(({ envelope }) => isAskedFor(envelope.id))
    .sort((a, b) => a.envelope.sent.getTime() - b.envelope.sent.getTime())
    .slice(0, limit);
  const opened: Opened[] = [];
  for (const each of asked) {
    const letter = readLetter(each.envelope);
    opened.push({ ...each, letter, ...(await readingOf({ aws, site, config }, letter)) });
  }
  return opened;
}

/** Shows the letters, asks, and takes them back through their functions. Exit code 1 where one was left, 2 where somebody said no. */
export async function replayLetters(environment: OpenEnvironment, flags: ReplayFlags): Promise<void> {
  const tell = (line: string): void => {
    if (!flags.json) console.log(line);
  };
  const { queues, isAskedFor } = await saying('taking letters out of their queues', openAll(environment, flags));
  const settled = new Set<string>();
  try {
    const letters = await openedLetters(environment, queues, isAskedFor, flags.limit);
    const more =
      queues.some((queue) => queue.more) || queues.flatMap(({ envelopes }) => envelopes).length > letters.length;
    for (const note of queues.flatMap(heldNote)) tell(note);
    const document = (outcomes: ReadonlyMap<Opened, Outcome>): string =>
      JSON.stringify({ letters: letters.map((each) => letterDocument(each, outcomes.get(each))), more }, null, 2);
    if (letters.length === 0) {
      console.log(flags.json ? document(new Map()) : `${environment.owner}: no dead letters`);
      return;
    }
    tell(`${renderLetters(letters)}\n`);
    if (flags.show || (flags.json && !flags.yes)) {
      if (flags.json) console.log(document(new Map()));
      return;
    }
    await refusePaused(environment);
    if (!(await confirmed(environment, flags, letters.length))) {
      tell('nothing was changed');
      process.exitCode = 2;
      return;
    }
    const outcomes = await replayAll(environment, letters, settled, tell);
    const replayed = [...outcomes.values()].filter(({ result }) => result === 'taken').length;
    const left = letters.length - replayed;
    tell(`${replayed} replayed${left === 0 ? '' : `, ${left} left in their queues`}`);
    if (more) tell('there may be more; run this again');
    if (flags.json) console.log(document(outcomes));
    environment.aws.signal.throwIfAborted();
    if (left > 0) process.exitCode = 1;
  } finally {
    await giveBack(queues, settled);
  }
}

/** The command. */
export const replay = (flags: ReplayFlags): Promise<void> =>
  withEnvironment(flags, (environment) =>
    operating(environment, `replaying letters of ${environment.owner}`, replayLetters(environment, flags)),
  );
