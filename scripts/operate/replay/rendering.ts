import { styleText } from 'node:util';
import type { Site } from '../../config/names.ts';
import { type Column, tableLines } from '../table.ts';
import type { DeadLetterQueue, Envelope } from './dead-letter-queue.ts';
import type { Standing } from './handing-over.ts';
import type { Reading } from './invocation.ts';
import type { Letter } from './letter.ts';

/** A letter, what it is, and where it lies. */
export interface Opened extends Reading {
  readonly queue: DeadLetterQueue;
  readonly envelope: Envelope;
  readonly letter: Letter;
}

/** What became of a letter. One that was left is still there. */
export type Outcome =
  | {
      readonly result: 'taken';
      readonly jobs: readonly { readonly jobId: string; readonly standing: Standing | undefined }[];
      /** Whether the jobs had been submitted before. */
      readonly before: boolean;
    }
  | { readonly result: 'discarded' }
  | { readonly result: 'left'; readonly because: string };

/** So much of a reason is shown. */
const longest = 400;

/** A reason may quote an address, and an address may hold a password or a token. */
function shown(text: string): string {
  const safe = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi, '$1…@')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s?#"']*)[?#][^\s"']*/gi, '$1?…');
  return safe.length <= longest ? safe : `${safe.slice(0, longest)}…`;
}

const shortId = ({ id }: Envelope): string => id.slice(0, 8);
const since = ({ sent }: Envelope): string => `${sent.toISOString().slice(0, 19)}Z`;

const columns: readonly Column[] = [
  { head: 'letter', most: 8 },
  { head: 'since', most: 20 },
  { head: 'queue', most: 50 },
  { head: 'received', most: 8, isNumber: true },
  { head: 'what', most: 120 },
];

/** A line for each letter, and below it why it is there. */
export const renderLetters = (letters: readonly Opened[]): string =>
  tableLines(
    columns,
    letters.map(({ envelope, queue, what, letter, invoke }) => ({
      cells: [shortId(envelope), since(envelope), queue.name, String(envelope.received), shown(what)],
      below: [
        `          why: ${shown(letter.why)}`,
        ...('impossible' in invoke
          ? [`          cannot be replayed: ${shown(invoke.impossible)}; --discard ${shortId(envelope)} deletes it`]
          : []),
      ],
    })),
    (head) => styleText('dim', head),
  ).join('\n');

const byHand = ({ environment }: Site): string => `npm run trigger -- --environment ${environment}`;

const standingText = ({ status, reason }: Standing): string =>
  reason === undefined ? status : `${status} (${shown(reason)})`;

/** One that was submitted before is not submitted again, whatever has become of it. */
function jobText(site: Site, jobId: string, standing: Standing | undefined, before: boolean): string {
  if (!before) return `job ${jobId}${standing === undefined ? '' : `: ${standingText(standing)}`}`;
  if (standing === undefined)
    return `job ${jobId} was submitted before, so long ago that Batch does not know it any more`;
  const again =
    standing.status === 'FAILED' ? `; a replay does not submit it again: run it by hand (${byHand(site)} …)` : '';
  return `job ${jobId} was submitted before: ${standingText(standing)}${again}`;
}

/** What became of a letter, in a line. */
export function renderOutcome(site: Site, { envelope, what }: Opened, outcome: Outcome): string {
  const head = `${shortId(envelope)}  ${shown(what)}: `;
  if (outcome.result === 'discarded') return `${head}discarded; nothing was run`;
  if (outcome.result === 'left') return `${head}left where it is: ${shown(outcome.because)}`;
  const jobs = outcome.jobs.map(({ jobId, standing }) => jobText(site, jobId, standing, outcome.before));
  return `${head}${jobs.join('; ') || 'taken'}`;
}

function outcomeDocument(outcome: Outcome): Outcome {
  if (outcome.result === 'discarded') return outcome;
  if (outcome.result === 'left') return { ...outcome, because: shown(outcome.because) };
  const jobs = outcome.jobs.map(({ jobId, standing }) => ({
    jobId,
    standing: standing && { ...standing, reason: standing.reason && shown(standing.reason) },
  }));
  return { ...outcome, jobs };
}

/** A letter for programs. What it holds is no part of it: that may be secret. */
export const letterDocument = ({ envelope, queue, what, letter, invoke }: Opened, outcome: Outcome | undefined) => ({
  id: envelope.id,
  queue: queue.name,
  since: envelope.sent.toISOString(),
  received: envelope.received,
  type: letter.type,
  what: shown(what),
  why: shown(letter.why),
  ...('impossible' in invoke && { impossible: shown(invoke.impossible) }),
  ...(outcome !== undefined && { outcome: outcomeDocument(outcome) }),
});
