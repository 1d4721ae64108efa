import { mapConcurrently } from '../../aws/concurrency.ts';
import { tagPaused } from '../../aws/pause-tags.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { alone } from '../../control/exclusive.ts';
import { holderName } from '../../control/holder.ts';
import type { CommonFlags } from '../../control/options.ts';
import { pauseText, resumeCommand } from '../../control/paused.ts';
import { agreed } from '../../control/question.ts';
import { saying } from '../../control/reading.ts';
import { withEnvironment } from '../../control/session.ts';
import { expected } from '../../desired/submissions.ts';
import { activeJobs } from '../../kinds/job-listing.ts';
import { operating } from '../trouble.ts';
import { type Active, consequences, offLines, type Switch, titleOf } from './description.ts';
import { entriesFor, type PauseRecord, writeRecord } from './record.ts';
import { resumeAll } from './resume.ts';
import { type Situation, situationOf } from './situation.ts';
import { byRole, switchAll } from './switching.ts';

interface Answers {
  readonly reason?: string;
  readonly yes?: boolean;
}

interface PauseFlags extends CommonFlags, Answers {
  readonly resume?: boolean;
}

/** What is enabled. What fires no more in any case stays: Scheduler would not take its update. */
const toDisable = ({ found }: Situation): Switch[] =>
  found.flatMap((pausable) => (pausable.state === 'DISABLED' || pausable.isOver ? [] : [{ pausable, to: 'DISABLED' }]));

/** Who began a pause keeps it, until it is over. */
function recordFor({ kept, mark, found }: Situation, reason: string | undefined): PauseRecord {
  const before = mark === undefined ? undefined : kept?.record;
  const because = reason ?? before?.reason;
  return {
    version: 1,
    since: before?.since ?? mark?.since ?? new Date().toISOString(),
    by: before?.by ?? mark?.by ?? holderName().replace(/, pid \d+$/, ''),
    ...(because !== undefined && { reason: because }),
    resources: entriesFor(found, kept?.record, mark !== undefined && kept === undefined),
  };
}

/**
 * The record first, then the mark, then what is to be disabled: killed anywhere, nothing is disabled of which it is not
 * known how it was, and doing this again goes on from there.
 */
async function carryOut(environment: OpenEnvironment, reason: string | undefined): Promise<PauseRecord> {
  const { aws, owner } = environment;
  return alone(environment, async ({ lost }) => {
    const situation = await situationOf(environment, `pausing ${owner}`);
    const { bucket, kept } = situation;
    const record = recordFor(situation, reason);
    if (JSON.stringify(record) !== JSON.stringify(kept?.record)) await writeRecord(aws, bucket, record, kept);
    await tagPaused(aws, bucket, { ...record, reason: record.reason });
    const { starting, queues } = byRole(toDisable(situation));
    await switchAll(aws, `pausing ${owner}`, [starting, queues], AbortSignal.any([aws.signal, lost]));
    return record;
  });
}

async function jobsIn({ aws }: OpenEnvironment, switches: readonly Switch[]): Promise<ReadonlyMap<string, Active>> {
  const { queues } = byRole(switches);
  return new Map(
    await mapConcurrently(queues, 4, async ({ pausable: { name } }) => [name, await activeJobs(aws, name)] as const),
  );
}

async function show(environment: OpenEnvironment, situation: Situation, switches: readonly Switch[]): Promise<void> {
  const { site, config } = environment.loaded;
  const asBefore = situation.found.filter(({ state }) => state === 'DISABLED').map(titleOf);
  const over = situation.found.filter(({ isOver, state }) => isOver && state !== 'DISABLED').map(titleOf);
  console.log(
    [
      ...offLines(switches, await jobsIn(environment, switches)),
      ...(asBefore.length === 0 ? [] : [`Disabled already, and left so: ${asBefore.join(', ')}.`]),
      ...(over.length === 0 ? [] : [`Fires no more in any case: ${over.join(', ')}.`]),
      ...situation.unseen.map((reason) => `note: what is ours and not in config could not be listed: ${reason}`),
      '',
      ...consequences(
        site,
        expected(config).map(([name]) => name),
      ),
      '',
    ].join('\n'),
  );
}

/** Disables every schedule and queue of an environment, and remembers how they were. Exit code 2 where somebody said no. */
export async function pauseAll(environment: OpenEnvironment, { reason, yes }: Answers): Promise<void> {
  const { owner, loaded } = environment;
  const { site } = loaded;
  const situation = await saying('reading what is there', situationOf(environment, `pausing ${owner}`));
  const switches = toDisable(situation);
  if (situation.mark !== undefined && situation.kept !== undefined && switches.length === 0 && !reason) {
    console.log(`${owner} is paused already, ${pauseText(situation.mark)}; it ends with: ${resumeCommand(site)}`);
    return;
  }
  await show(environment, situation, switches);
  const otherwise = `pausing ${owner}: nobody is here to be asked; say --yes to pause it without a question`;
  const question = `Pause ${site.environment} (account ${site.account})? [y/N] `;
  if (!yes && !(await agreed(question, otherwise))) return;
  const { since } = await carryOut(environment, reason);
  console.log(`${owner} is paused since ${since}; it ends with: ${resumeCommand(site)}`);
}

/** The command: pauses, or ends a pause. */
export const pause = (flags: PauseFlags): Promise<void> =>
  withEnvironment(flags, (environment) =>
    flags.resume
      ? operating(environment, `resuming ${environment.owner}`, resumeAll(environment, flags))
      : operating(environment, `pausing ${environment.owner}`, pauseAll(environment, flags)),
  );
