import { realClock } from '../local-aws/runtime/clock.ts';
import { drivenClock } from '../local-aws/runtime/driven-clock.ts';
import { deploy } from './deploy.ts';
import { renderHowTo } from './how-to.ts';
import { listenForInterruption } from './interruption.ts';
import { sampleFeed } from './sample-feed.ts';
import { stageOn } from './stage.ts';
import { conclude, playStory, type StartOptions, startStorySystem } from './start.ts';
import { startSystem } from './system.ts';

export interface StartFlags extends StartOptions {
  readonly json?: boolean;
  readonly keep?: boolean;
}

export interface UpFlags {
  readonly port: number;
  readonly output: string;
}

/** `npm start`: the story, told on standard output; with `keep` everything stays up after it until Ctrl-C. */
export async function start({ json = false, keep = false, ...options }: StartFlags): Promise<void> {
  const interruption = listenForInterruption();
  const clock = drivenClock(new Date().setUTCHours(0, 0, 0, 0));
  await using system = await startStorySystem(options, clock);
  using stage = stageOn(process.stdout, json);
  const summary = await interruption.unless(playStory(system, clock, options, stage));
  await conclude(summary, options, stage);
  if (json) console.log(JSON.stringify(summary, undefined, 2));
  if (summary.outcome === 'failed') process.exitCode = 1;
  if (!keep) return;
  stage.line(renderHowTo(system));
  stage.line(
    `Its clock stands at ${new Date(clock.now()).toISOString()} and goes only while a job runs: no schedule fires.`,
  );
  await interruption.came;
}

/** `npm run local`: the system on the real clock, config applied, until Ctrl-C. */
export async function stayUp(options: UpFlags): Promise<void> {
  const interruption = listenForInterruption();
  await using system = await startSystem({ clock: realClock(), ...options });
  using stage = stageOn(process.stdout, false);
  system.feed.serve(sampleFeed(1));
  await interruption.unless(deploy(system, stage));
  stage.line(renderHowTo(system));
  await interruption.came;
  stage.line('stopping');
}
