import assert from 'node:assert/strict';
import test from 'node:test';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { tagPaused } from '../../../scripts/aws/pause-tags.ts';
import { killAfter } from '../../support/killed-clients.ts';
import { lettersWorld } from './letters-world.ts';

const minutes = 60_000;

test('a replay that is killed after any of its calls loses no letter and submits no job twice; somebody else sees none of its letters meanwhile', async (t) => {
  const world = await lettersWorld(t);
  const { aws, clock, another } = world;
  await world.breakRule();
  await world.pass(0.7);
  await world.mend();
  const QueueUrl = await world.queueUrl('undelivered-schedules');
  const look = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames: ['All'] });
  const { Messages: [message] = [] } = await aws.sqs.send(look);
  const { Body = '', MessageAttributes = {} } = message ?? {};
  /** The letter of another night. */
  const put = (night: string) =>
    aws.sqs.send(
      new SendMessageCommand({ QueueUrl, MessageAttributes, MessageBody: Body.replaceAll('2026-11-25T', `${night}T`) }),
    );
  const queue = 'undelivered-schedules';
  const undisturbed = another();
  const { writes } = killAfter(undisturbed.aws, Infinity);
  assert.equal((await world.replay({ queue }, undisturbed)).code, 0);
  // The letter is taken, kept, handed over, removed.
  assert.ok(writes() >= 4, `${writes()} calls`);
  const expected = ['nightly-20261125T030000Z'];
  const before = (await world.jobs()).filter((name) => !name.startsWith('nightly'));
  for (let last = 1; last < writes(); last += 1) {
    await put(`2026-12-0${last}`);
    const mortal = another();
    killAfter(mortal.aws, last);
    await assert.rejects(world.replay({ queue }, mortal), /killed after write/);
    world.printed();
    assert.match(
      (await world.replay({ queue })).out,
      /^(?:note: queue shop-undelivered-schedules has about 1 more .*\n)?shop\/local: no dead letters$/,
    );
    clock.skip(11 * minutes);
    assert.equal((await world.replay({ queue })).code, 0);
    expected.push(`nightly-2026120${last}T030000Z`);
    assert.deepEqual(await world.jobs(), [...before, ...expected].sort(), `killed after call ${last}`);
    assert.deepEqual(await world.depth(queue), [0, 0]);
  }

  // Ctrl-C lets the letter under way come to its end, and gives the others back at once.
  await put('2026-12-23');
  await put('2026-12-24');
  const stop = new AbortController();
  const stopped = another(stop.signal);
  const { send } = stopped.aws.lambda;
  t.mock.method(stopped.aws.lambda, 'send', (...request: Parameters<typeof send>) => {
    stop.abort(new Error('stopped by Ctrl-C'));
    return send.apply(stopped.aws.lambda, request);
  });
  await assert.rejects(world.replay({ queue }, stopped), { message: 'stopped by Ctrl-C' });
  assert.match(world.printed(), /: job [0-9a-f-]{36}: \w+\n1 replayed, 1 left in their queues$/);
  assert.deepEqual(await world.depth(queue), [1, 0]);

  await assert.rejects(world.replay({ queue, yes: false }), {
    message:
      'replaying 1 dead letter of shop/local: nobody is here to be asked; say --yes to do it without a question, or --show to look only',
  });
  await tagPaused(aws, 'shop-state-000000000000-eu-central-1', {
    since: '2026-12-24T00:00:00Z',
    by: 'ann@desk',
    reason: undefined,
  });
  await assert.rejects(world.replay({ queue }), {
    message:
      'replaying dead letters: shop/local is paused since 2026-12-24T00:00:00Z by ann@desk, and its queues take no jobs; resume it first: npm run pause -- --environment local --resume',
  });
  assert.deepEqual(await world.depth(queue), [1, 0]);
  world.printed();
});
