import type { OpenEnvironment } from '../../control/environment.ts';
import type { CommonFlags } from '../../control/options.ts';
import { ask, isYes } from '../../control/question.ts';
import { saying } from '../../control/reading.ts';
import { withEnvironment } from '../../control/session.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { refusePaused } from '../paused.ts';
import { operating } from '../trouble.ts';
import { counted } from '../wording.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { discardOne, type Handle, replayOne } from './handling.ts';
import { giveBack, openedLetters, openQueues, refuseUnknown, type Selection } from './opening.ts';
import { letterDocument, type Opened, type Outcome, renderLetters, renderOutcome } from './rendering.ts';

interface ReplayFlags extends CommonFlags {
  readonly queue?: string;
  /** Beginnings of letters' ids. */
  readonly id?: readonly string[];
  /** The same, of letters that are to be deleted. */
  readonly discard?: readonly string[];
  readonly limit: number;
  readonly show?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** What is done with letters, and how it is said. */
interface Deed {
  readonly handle: Handle;
  readonly doing: string;
  readonly done: string;
  /** Before and behind the letters that it is about. */
  readonly question: readonly [before: string, behind: string];
}

const replaying: Deed = { handle: replayOne, doing: 'replaying', done: 'replayed', question: ['Replay', ''] };
const discarding: Deed = {
  ...{ handle: discardOne, doing: 'discarding', done: 'discarded' },
  question: ['Delete', ' for good, with nothing run'],
};

function selectionOf({ queue, id = [], discard, limit }: ReplayFlags): Selection {
  if (discard !== undefined && id.length > 0)
    throw new PlanError(['discarding dead letters: --discard and --id do not go together; say one of them']);
  return { queue, ids: discard ?? id, limit };
}

const heldNote = ({ name, held }: DeadLetterQueue): string[] =>
  held === 0
    ? []
    : [`note: queue ${name} has about ${held} more in somebody's hands, which come back within ten minutes`];

async function confirmed({ owner }: OpenEnvironment, yes: boolean | undefined, deed: Deed, count: number) {
  const what = `${counted(count, 'dead letter')} of ${owner}`;
  const [before, behind] = deed.question;
  const otherwise = `${deed.doing} ${what}: nobody is here to be asked; say --yes to do it without a question, or --show to look only`;
  return yes || isYes(await ask(`${before} ${what}${behind}? [y/N] `, otherwise));
}

/** Handles one after the other, and says of each what became of it. A stop lets the one under way come to its end. */
async function handleAll(
  environment: OpenEnvironment,
  letters: readonly Opened[],
  handle: Handle,
  settled: Set<string>,
  tell: (line: string) => void,
): Promise<ReadonlyMap<Opened, Outcome>> {
  const outcomes = new Map<Opened, Outcome>();
  for (const opened of letters) {
    if (environment.aws.signal.aborted) break;
    const outcome = await handle(environment, opened);
    outcomes.set(opened, outcome);
    settled.add(opened.envelope.id);
    tell(renderOutcome(environment.loaded.site, opened, outcome));
  }
  return outcomes;
}

/** Letters that were taken out of their queues. */
interface Taken {
  readonly letters: readonly Opened[];
  /** Whether there may be others. */
  readonly more: boolean;
}

const print = ({ letters, more }: Taken, outcomes: ReadonlyMap<Opened, Outcome> = new Map()): void =>
  console.log(
    JSON.stringify({ letters: letters.map((each) => letterDocument(each, outcomes.get(each))), more }, null, 2),
  );

/** Asks, handles the letters and counts. Exit code 1 where one was left, 2 where somebody said no. */
async function handleTaken(
  environment: OpenEnvironment,
  { discard, id = [], json, yes }: ReplayFlags,
  taken: Taken,
  settled: Set<string>,
  tell: (line: string) => void,
): Promise<void> {
  const { letters, more } = taken;
  const deed = discard === undefined ? replaying : discarding;
  if (deed === replaying) await refusePaused(environment, 'replaying dead letters');
  const able = letters.filter(({ invoke }) => deed === discarding || !('impossible' in invoke)).length;
  if (able > 0 && !(await confirmed(environment, yes, deed, able))) {
    tell('nothing was changed');
    process.exitCode = 2;
    return;
  }
  const outcomes = await handleAll(environment, letters, deed.handle, settled, tell);
  const handled = [...outcomes.values()].filter(({ result }) => result !== 'left').length;
  const left = letters.length - handled;
  tell(`${handled} ${deed.done}${left === 0 ? '' : `, ${left} left in their queues`}`);
  if (more && (discard ?? id).length === 0) tell('there may be more; run this again');
  if (json) print(taken, outcomes);
  environment.aws.signal.throwIfAborted();
  if (left > 0) process.exitCode = 1;
}

/** Takes letters out of their queues, shows them and handles them; what is not handled then is given back at once. */
export async function replayLetters(environment: OpenEnvironment, flags: ReplayFlags): Promise<void> {
  const { json, show, yes } = flags;
  const tell = (line: string): void => {
    if (!json) console.log(line);
  };
  const selection = selectionOf(flags);
  const queues = await saying('taking letters out of their queues', openQueues(environment, selection));
  const settled = new Set<string>();
  try {
    const letters = await openedLetters(environment, queues, selection);
    const received = queues.flatMap(({ envelopes }) => envelopes).length;
    const taken = { letters, more: queues.some(({ more }) => more) || received > letters.length };
    for (const note of queues.flatMap(heldNote)) tell(note);
    if (letters.length === 0) refuseUnknown(environment, queues, selection);
    tell(letters.length === 0 ? `${environment.owner}: no dead letters` : `${renderLetters(letters)}\n`);
    const isToBeHandled = letters.length > 0 && !show && (!json || yes === true);
    if (isToBeHandled) await handleTaken(environment, flags, taken, settled, tell);
    else if (json) print(taken);
  } finally {
    await giveBack(queues, settled);
  }
}

/** The command. */
export const replay = (flags: ReplayFlags): Promise<void> =>
  withEnvironment(flags, (environment) =>
    operating(environment, `replaying letters of ${environment.owner}`, replayLetters(environment, flags)),
  );
