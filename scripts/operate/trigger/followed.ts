import type { Job } from '../job.ts';
import { terminate } from './existing-job.ts';
import { following } from './following.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run.ts';
import { type Watched, watch } from './watch.ts';

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

/** Follows a job until it has ended, the time is over, or somebody leaves it. */
export async function followed(run: Run, first: Job): Promise<Outcome> {
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
