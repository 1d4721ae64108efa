import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import type { OpenEnvironment } from '../../../scripts/control/environment.ts';
import { stormy } from '../../../scripts/local-aws/weather/storm.ts';
import { pauseAll } from '../../../scripts/operate/pause/pause.ts';
import { resumeAll } from '../../../scripts/operate/pause/resume.ts';
import { killAfter } from '../../support/killed-clients.ts';
import { corner, pausedWorld } from './paused-world.ts';

const pause = (environment: OpenEnvironment): Promise<void> => pauseAll(environment, { yes: true });
const resume = (environment: OpenEnvironment): Promise<void> => resumeAll(environment, { yes: true });
type Command = typeof pause;

/** Commands, also of who is killed, and how everything stood before and in a pause. */
async function world(t: TestContext) {
  const { environment, another, standing, dropLease } = await pausedWorld(t, { config: corner });
  const run = (command: Command): Promise<void> => command(environment);
  /** Carries out so many writes and is gone; by default all there are to be. */
  const killed = async (command: Command, last = Infinity): Promise<number> => {
    const mortal = another();
    const { writes } = killAfter(mortal.aws, last);
    if (last === Infinity) await command(mortal);
    else await assert.rejects(command(mortal), new RegExp(`killed after write ${last}`));
    mortal.aws.close();
    await dropLease();
    return writes();
  };
  const before = await standing();
  const pausing = await killed(pause);
  const { objects, ...paused } = await standing();
  assert.deepEqual(objects, ['pause.json']);
  const resuming = await killed(resume);
  assert.deepEqual(await standing(), before);
  return { run, killed, another, standing, before, paused, pausing, resuming };
}

test('a pause and a resume, each killed after any of its writes, go on when they are run again, and so does the other in its place', async (t) => {
  const { run, killed, another, standing, before, paused, pausing, resuming } = await world(t);
  const assertPaused = async (when: string): Promise<void> => {
    assert.deepEqual(await standing(), { ...paused, objects: ['pause.json'] }, when);
  };
  // The lease, the record, the mark, a rule, a schedule, a queue, and the lease again.
  assert.deepEqual([pausing, resuming], [7, 7]);
  for (let last = 1; last < pausing; last += 1) {
    await killed(pause, last);
    await run(pause);
    await assertPaused(`paused again after write ${last}`);
    await killed(resume, last);
    await run(pause);
    await assertPaused(`paused after write ${last} of a resume`);
    await killed(resume, last);
    await run(resume);
    assert.deepEqual(await standing(), before, `resumed after write ${last} of a resume`);
    await killed(pause, last);
    await run(resume);
    assert.deepEqual(await standing(), before, `resumed after write ${last} of a pause`);
  }

  // Ctrl-C lets what is being switched be switched, and leaves the lease to who goes on.
  const stop = new AbortController();
  const stopped = another(stop.signal);
  const { send } = stopped.aws.events;
  t.mock.method(stopped.aws.events, 'send', (...request: Parameters<typeof send>) => {
    if (request[0] instanceof DisableRuleCommand) stop.abort(new Error('stopped by Ctrl-C'));
    return send.apply(stopped.aws.events, request);
  });
  await assert.rejects(pause(stopped), {
    message: 'pausing shop/local: stopped by Ctrl-C: what is done stays; run this again to go on',
  });
  const { rules, queues } = await standing();
  assert.deepEqual([rules, queues], [paused.rules, before.queues]);
  await run(pause);
  await assertPaused('paused again after Ctrl-C');
});

test('in stormy weather a resume restores what a pause has disabled a moment before, however late what they read is', async (t) => {
  const { another, standing } = await pausedWorld(t, { weather: stormy(5) });
  /** As somebody else sees it, each time another: who asks for the first time is not answered late. */
  const settled = async () => {
    const { queues, ...rest } = await standing(another().aws);
    return { ...rest, queues: queues.map(({ jobQueueName, state }) => [jobQueueName, state]) };
  };
  const before = await settled();
  await pause(another());
  assert.notDeepEqual(await settled(), before);
  await resume(another());
  assert.deepEqual(await settled(), before);
});
