import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { names } from '../../scripts/config/names.ts';
import { deploy } from '../../scripts/local/deploy.ts';
import { jobRunsSince, logTail } from '../../scripts/local/job-runs.ts';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { stageOn } from '../../scripts/local/stage.ts';
import { type System, startSystem } from '../../scripts/local/system.ts';
import { type DrivenClock, drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { type Bench, median } from './bench.ts';

const fires = Date.UTC(2026, 0, 1, 3);
const oneDay = 24 * 60 * 60 * 1_000;
const times = 5;

/** Milliseconds of real time from the rule's minute to the first line of the job's log, which the job itself writes. */
async function fireOnce({ environment }: System, clock: DrivenClock, at: number): Promise<number> {
  const { aws, loaded } = environment;
  await clock.advanceTo(at - 1);
  const begun = performance.now();
  const day = clock.advanceTo(at + oneDay / 2);
  for (;;) {
    const [run] = await jobRunsSince(aws.batch, [names.jobQueue(loaded.site, 'feeds')], at - 1);
    if (run !== undefined && (await logTail(aws.logs, run, 1)).length > 0) break;
  }
  const measured = performance.now() - begun;
  await day;
  return measured;
}

export const ruleToLog: Bench = {
  name: 'rule-to-log',
  about: `from a rule firing to the watcher's first line of log (the first is cold; then the median of ${times} days)`,
  async run(say) {
    const output = await mkdtemp(join(tmpdir(), 'bench-rule-to-log-'));
    const clock = drivenClock(fires - oneDay / 8);
    const system = await startSystem({ clock, output });
    try {
      system.feed.serve(sampleFeed(1));
      await deploy(system, stageOn(process.stderr, true));
      const cold = await fireOnce(system, clock, fires);
      const warm: number[] = [];
      for (let day = 1; day <= times; day++) warm.push(await fireOnce(system, clock, fires + day * oneDay));
      say(`${cold.toFixed(0)} ms cold, then ${warm.map((each) => each.toFixed(0)).join(', ')} ms`);
      const figure = { bench: 'rule-to-log', unit: 'ms', aim: '< 1500 ms' } as const;
      return [
        { ...figure, what: 'rule to first line of log, Lambda cold', value: cold },
        { ...figure, what: 'rule to first line of log, Lambda warm', value: median(warm) },
      ];
    } finally {
      await system[Symbol.asyncDispose]();
      await rm(output, { recursive: true });
    }
  },
};
