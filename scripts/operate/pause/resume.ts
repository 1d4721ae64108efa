import { untagPaused } from '../../aws/pause-tags.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { alone } from '../../control/exclusive.ts';
import { pauseText } from '../../control/paused.ts';
import { agreed } from '../../control/question.ts';
import { saying } from '../../control/reading.ts';
import { onLines, type Switch, titleOf } from './description.ts';
import { type Missed, missedBetween } from './fire-times.ts';
import type { Pausable } from './pausable.ts';
import { deleteRecord, entryOf, stateAfter } from './record.ts';
import { type Situation, situationOf } from './situation.ts';
import { byRole, switchAll } from './switching.ts';

interface Restored extends Switch {
  /** The pause has disabled it: what still reads as enabled is read late, or was enabled by hand meanwhile. */
  readonly byPause: boolean;
}

/** What everything is to be, but what Scheduler would not take since it fires no more. */
const restored = ({ kept, found }: Situation): Restored[] =>
  found.map((pausable) => {
    const entry = entryOf(kept?.record, pausable);
    const to = stateAfter(pausable, entry);
    return { pausable, to, byPause: entry !== undefined && to !== 'DISABLED' };
  });

const isChange = ({ pausable: { state }, to }: Switch): boolean => state !== to;

/** What a resume changes, by what there is to be seen. */
const changesIn = (situation: Situation): Switch[] =>
  restored(situation).filter((each) => isChange(each) && !each.pausable.isOver);

/** What a resume sends: also of what is seen as enabled already, for that may be late, and enabling twice is harmless. */
const switchesIn = (situation: Situation): Switch[] =>
  restored(situation).filter((each) => (isChange(each) || each.byPause) && !each.pausable.isOver);

function missedSince(since: string | undefined): (pausable: Pausable) => Missed | undefined {
  const [from, until] = [new Date(since ?? Number.NaN), new Date()];
  return ({ timing }) =>
    timing === undefined || Number.isNaN(from.getTime()) ? undefined : missedBetween(timing, from, until);
}

function show({ loaded: { site } }: OpenEnvironment, situation: Situation, switches: readonly Switch[]): void {
  const { kept, mark, found } = situation;
  const missed = missedSince(kept?.record.since ?? mark?.since);
  const passed = restored(situation).filter((each) => isChange(each) && each.pausable.isOver);
  const concerned = new Set([...switches, ...passed].map(({ pausable }) => pausable));
  const left = found.filter((pausable) => pausable.state === 'DISABLED' && !concerned.has(pausable));
  const anyMissed = switches.some(({ pausable }) => missed(pausable) !== undefined);
  const command = `npm run trigger -- --environment ${site.environment} SCHEDULE`;
  console.log(
    [
      ...(mark === undefined ? [] : [`Paused ${pauseText({ ...mark, ...kept?.record })}.`]),
      ...(kept === undefined ? ['There is no record of how everything was: all comes to be as config says.'] : []),
      ...onLines(switches, missed),
      ...passed.map(
        ({ pausable }) => `${titleOf(pausable)} stays disabled: its only time, or its end, has passed meanwhile.`,
      ),
      ...(left.length === 0 ? [] : [`Disabled before, or by config, and left so: ${left.map(titleOf).join(', ')}.`]),
      ...situation.unseen.map((reason) => `note: what is ours and not in config could not be listed: ${reason}`),
      ...(anyMissed || passed.length > 0
        ? [`What was missed is not made up for; run it by hand where it is wanted: ${command}`]
        : []),
      '',
    ].join('\n'),
  );
}

/** Everything as it was, then the mark, then the record: killed anywhere, doing this again goes on from there. */
async function carryOut(environment: OpenEnvironment): Promise<void> {
  const { aws, owner } = environment;
  await alone(environment, async ({ lost }) => {
    const situation = await situationOf(environment, `resuming ${owner}`);
    const { bucket, kept } = situation;
    const { starting, queues } = byRole(switchesIn(situation));
    await switchAll(aws, `resuming ${owner}`, [queues, starting], AbortSignal.any([aws.signal, lost]));
    await untagPaused(aws, bucket);
    if (kept !== undefined) await deleteRecord(aws, bucket, kept);
  });
}

/** Brings every schedule and queue back to what it was before the pause. Exit code 2 where somebody said no. */
export async function resumeAll(environment: OpenEnvironment, { yes }: { readonly yes?: boolean }): Promise<void> {
  const { owner, loaded } = environment;
  const { site } = loaded;
  const situation = await saying('reading what is there', situationOf(environment, `resuming ${owner}`));
  if (situation.mark === undefined && situation.kept === undefined) {
    console.log(`${owner} is not paused; nothing was changed`);
    return;
  }
  show(environment, situation, changesIn(situation));
  const otherwise = `resuming ${owner}: nobody is here to be asked; say --yes to resume it without a question`;
  const question = `Resume ${site.environment} (account ${site.account})? [y/N] `;
  if (!yes && !(await agreed(question, otherwise))) return;
  await carryOut(environment);
  console.log(
    `${owner} is resumed. Messages that came meanwhile may lie as dead letters: npm run replay -- --environment ${site.environment}`,
  );
}
