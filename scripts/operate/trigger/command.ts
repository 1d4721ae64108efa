import { appendFileSync } from 'node:fs';
import { interruptedCode } from '../../control/interruption.ts';
import { ask } from '../../control/question.ts';
import { withEnvironment } from '../../control/session.ts';
import { PlanError, reasonOf } from '../../reconcile/errors.ts';
import { realClock } from '../clock.ts';
import { displayOn } from '../display.ts';
import type { Job } from '../job.ts';
import { refusePaused } from '../paused.ts';
import { listenForStops } from '../stops.ts';
import { operating } from '../trouble.ts';
import { clockText } from '../wording.ts';
import { choices, chosen } from './choice.ts';
import { ownJob, stop } from './existing-job.ts';
import { followed } from './followed.ts';
import { exitCodeOf, type Outcome, outcomeDocument, outcomeText, summaryMarkdown } from './outcome.ts';
import { type Request, requestOf } from './overlay.ts';
import { howToGoOn, type Run, type Surroundings, type TriggerFlags } from './run.ts';
import { storyOn } from './story.ts';
import { isDisabled, submitted } from './submit.ts';

const surroundings: Surroundings = {
  clock: realClock,
  stops: listenForStops,
  ask: async (question) =>
    process.stdin.isTTY && process.stdout.isTTY ? ask(question, 'nobody is here to be asked') : undefined,
};

/** As it is before Batch has told anything of it. */
const newJob = (id: string, { jobName, jobQueue, jobDefinition }: Request['submission'], createdAt: number): Job => ({
  ...{ id, createdAt, name: jobName, queue: jobQueue, definition: jobDefinition },
  ...{ status: 'SUBMITTED', reason: '', attempts: [], mostAttempts: 1, logGroup: '', vcpus: 0, dependsOn: [] },
});

async function submittedJob(run: Run, name: string): Promise<Job> {
  const { environment, flags, around } = run;
  const { site, config } = environment.loaded;
  const choice = chosen({ site, config }, name, flags);
  const { submission, notes } = requestOf(config, choice, flags, new Date(around.clock.now()));
  for (const note of notes) console.error(note);
  if (run.stops.signal.aborted) {
    process.exitCode = interruptedCode;
    throw new PlanError([`running ${choice.what}: stopped by ${run.stops.signal.reason}; nothing was submitted`]);
  }
  const id = await submitted(environment.aws, submission, flags.name === undefined).catch(async (error: unknown) => {
    if (isDisabled(error)) await refusePaused(environment, `running ${choice.what}`);
    throw error;
  });
  const size = submission.arrayProperties?.size;
  const array = size === undefined ? '' : `, ${size} children`;
  run.display.line(
    `${clockText(around.clock.now())}  SUBMITTED  ${submission.jobName}: ${choice.what}, queue ${submission.jobQueue}, definition ${submission.jobDefinition}${array}, job ${id}`,
  );
  return newJob(id, submission, around.clock.now());
}

/** The outcome of a job, and what else there is to say when it goes on. */
async function outcomeOf(run: Run, job: Job): Promise<Outcome> {
  if (!run.flags.wait) return { job, ending: 'not waited for', failed: [] };
  return operating(run.environment, `following job ${job.id}`, followed(run, job), howToGoOn(run, job.id));
}

/** Throws PlanError where the file cannot be written, which had better be known before there is a job. */
function summarize({ summary }: TriggerFlags, text: string): void {
  if (summary === undefined) return;
  try {
    appendFileSync(summary, text);
  } catch (error) {
    throw new PlanError([`writing the summary to "${summary}": ${reasonOf(error)}`], { cause: error });
  }
}

function conclude(run: Run, outcome: Outcome): void {
  const { flags, display } = run;
  summarize(flags, summaryMarkdown(outcome));
  const isOver = outcome.ending === 'ended';
  if (flags.json) console.log(JSON.stringify(outcomeDocument(outcome), null, 2));
  display.line(outcomeText(outcome));
  if (!isOver) for (const line of howToGoOn(run, outcome.job.id)) display.line(line);
  process.exitCode = exitCodeOf(outcome);
}

async function act(run: Run, name: string | undefined): Promise<void> {
  const { environment, flags } = run;
  const wanted = [name, flags.follow && '--follow', flags.stop && '--stop'].filter((each) => each !== undefined);
  if (wanted.length > 1)
    throw new PlanError([`running a job: ${wanted.join(' and ')} do not go together; say one of them`]);
  if (flags.stop !== undefined) return stop(run, flags.stop);
  if (flags.follow !== undefined) return conclude(run, await outcomeOf(run, await ownJob(environment, flags.follow)));
  if (name === undefined) {
    throw new PlanError([
      `running a job: say which; there are: ${choices(environment.loaded.config).sort().join(', ')}`,
    ]);
  }
  conclude(run, await outcomeOf(run, await submittedJob(run, name)));
}

/** Never stops between two requests: what a signal means is for who follows the job to say. */
const deaf = () => ({ signal: new AbortController().signal, [Symbol.dispose]: () => {} });

/** Submits a job and follows it to its end; sets the exit code to the job's. */
export async function trigger(
  name: string | undefined,
  flags: TriggerFlags,
  around: Surroundings = surroundings,
): Promise<void> {
  await withEnvironment(
    flags,
    async (environment) => {
      // Until then Ctrl-C ends the process, as nothing is submitted yet.
      using stops = around.stops();
      using display = displayOn(flags.json ? process.stderr : process.stdout);
      const run = { environment, flags, around, story: storyOn(display), display, stops };
      summarize(flags, '');
      await operating(environment, 'asking AWS Batch', act(run, name));
    },
    deaf,
  );
}
