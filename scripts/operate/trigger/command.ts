import { appendFileSync } from 'node:fs';
import { TerminateJobCommand } from '@aws-sdk/client-batch';
import { names } from '../../config/names.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { holderName } from '../../control/holder.ts';
import { interruptedCode } from '../../control/interruption.ts';
import type { CommonFlags } from '../../control/options.ts';
import { ask } from '../../control/question.ts';
import { withEnvironment } from '../../control/session.ts';
import { PlanError, reasonOf } from '../../reconcile/errors.ts';
import { type Clock, realClock } from '../clock.ts';
import { type Display, displayOn } from '../display.ts';
import { describedJobs, hasEnded, type Job } from '../job.ts';
import { listenForStops, type Stops } from '../stops.ts';
import { operating } from '../trouble.ts';
import { clockText } from '../wording.ts';
import { choices, chosen } from './choice.ts';
import { following } from './following.ts';
import { exitCodeOf, type Outcome, outcomeDocument, outcomeText, summaryMarkdown } from './outcome.ts';
import { type Request, requestOf } from './overlay.ts';
import { type Story, storyOn } from './story.ts';
import { submitted } from './submit.ts';
import { type Watched, watch } from './watch.ts';

export interface TriggerFlags extends CommonFlags {
  readonly set: Readonly<Record<string, string>>;
  readonly param: Readonly<Record<string, string>>;
  readonly queue?: string;
  readonly share?: string;
  readonly name?: string;
  readonly array?: number;
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly summary?: string;
  /** Ids of jobs that are there already. */
  readonly follow?: string;
  readonly stop?: string;
}

/** What a test has of its own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly stops: () => Stops;
  /** What somebody answers; `undefined` where nobody is there. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

const surroundings: Surroundings = {
  clock: realClock,
  stops: listenForStops,
  ask: async (question) =>
    process.stdin.isTTY && process.stdout.isTTY ? ask(question, 'nobody is here to be asked') : undefined,
};

/** The one job that a command is about. */
interface Run {
  readonly environment: OpenEnvironment;
  readonly flags: TriggerFlags;
  readonly around: Surroundings;
  readonly story: Story;
  readonly display: Display;
  readonly stops: Stops;
}

const again = ({ flags }: Run, what: string): string => {
  const config = flags.config === 'config' ? '' : ` --config ${flags.config}`;
  return `npm run trigger -- --environment ${flags.environment}${config} ${what}`;
};

const howToGoOn = (run: Run, id: string): string[] => [
  `to follow it: ${again(run, `--follow ${id}`)}`,
  `to stop it:   ${again(run, `--stop ${id}`)}`,
];

/** A job of this environment. Throws PlanError for any other. */
async function ownJob({ loaded: { site, config }, aws }: OpenEnvironment, id: string): Promise<Job> {
  const [job] = await describedJobs(aws, [id]);
  if (job === undefined) {
    throw new PlanError([`looking for job ${id}: there is none; Batch keeps those that have ended for about 7 days`]);
  }
  const queues = Object.keys(config.jobQueues).map((entry) => names.jobQueue(site, entry));
  if (queues.includes(job.queue)) return job;
  throw new PlanError([
    `looking for job ${id}: it is in queue "${job.queue}", which is none of ${site.environment}'s; choose another --environment`,
  ]);
}

async function terminate({ environment: { aws } }: Run, id: string): Promise<void> {
  const reason = `terminated by hand: ${holderName()}`;
  await aws.batch.send(new TerminateJobCommand({ jobId: id, reason }));
}

/** What becomes of the job when somebody wants to stop following it. */
async function whatNow(run: Run, id: string): Promise<'leave' | 'go on'> {
  // A signal from outside is no question.
  if (run.stops.signal.reason !== 'SIGINT') return 'leave';
  run.display.rest();
  const answer = await run.around.ask('Leave the job running (l), terminate it (t), or go on following it (f)? [l] ');
  run.stops.again();
  if (answer === undefined || !/^[tf]/i.test(answer)) return 'leave';
  if (/^t/i.test(answer)) {
    await terminate(run, id);
    run.display.line('terminating: it is sent SIGTERM, and SIGKILL 30 s later');
  }
  return 'go on';
}

const endings = { ended: 'ended', 'timed out': 'timed out', stopped: 'left running' } as const satisfies Record<
  Watched['why'],
  Outcome['ending']
>;

async function followed(run: Run, first: Job): Promise<Outcome> {
  const { environment, flags, around, story } = run;
  const { aws, loaded } = environment;
  const { clock } = around;
  const follow = following({ aws, site: loaded.site, config: loaded.config, id: first.id }, story.tell);
  const deadline = flags.timeout === undefined ? Number.POSITIVE_INFINITY : clock.now() + flags.timeout * 1_000;
  const { tell, show } = story;
  const settings = { following: follow, clock, pace: aws.pace, isDistant: !aws.embedded, deadline, tell, show };
  for (;;) {
    const { why, job = first } = await watch({ ...settings, stop: run.stops.signal });
    if (why === 'stopped' && (await whatNow(run, first.id)) === 'go on') continue;
    return { job, ending: endings[why], failed: follow.failed };
  }
}

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
  const id = await submitted(environment.aws, submission, flags.name === undefined);
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

async function stop(run: Run, id: string): Promise<void> {
  const job = await ownJob(run.environment, id);
  if (hasEnded(job)) {
    run.display.line(`job ${id} is ${job.status} already`);
    return;
  }
  await terminate(run, id);
  run.display.line(
    `terminating ${job.name}, which is ${job.status}: what runs is sent SIGTERM, and SIGKILL 30 s later`,
  );
  run.display.line(howToGoOn(run, id)[0] ?? '');
}

async function act(run: Run, name: string | undefined): Promise<void> {
  const { environment, flags } = run;
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
