import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ReplyReader } from '../../../jobs/feed-consumer/destinations/http-reply.ts';

function incomingOf(status: number): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  incoming.statusCode = status;
  return incoming;
}

/** A deadline that notes what became of it. */
function notedDeadline() {
  const noted: string[] = [];
  return { noted, pause: () => void noted.push('paused'), resume: () => void noted.push('resumed') };
}

const settled = async (): Promise<void> => {};
const large = JSON.stringify({ rejected: [{ index: 1, reason: 'x'.repeat(20_000) }] });

async function someTurns(): Promise<void> {
  for (let at = 0; at < 20; at++) await turn();
}

for (const [how, end] of [
  ['is there', (incoming: IncomingMessage) => incoming.push(null)],
  ['has broken off', (incoming: IncomingMessage) => incoming.destroy(new Error('reset'))],
] as const)
  test(`a large answer about records waits until the one before ${how}, without losing time`, async () => {
    const replies = new ReplyReader();
    const [first, second, small] = [incomingOf(207), incomingOf(207), incomingOf(207)];
    const deadline = notedDeadline();
    const begun = Promise.allSettled([replies.read(first, notedDeadline(), settled)]);
    first.push(large);
    await someTurns();
    let isRead = false;
    const waiting = replies.read(second, deadline, settled).finally(() => {
      isRead = true;
    });
    second.push(large);
    second.push(null);
    // With a byte order mark.
    small.push('\ufeff{"rejected":[]}');
    small.push(null);
    // A small one needs no turn.
    assert.deepEqual((await replies.read(small, notedDeadline(), settled)).refusals, []);
    await someTurns();
    assert.deepEqual([isRead, deadline.noted], [false, ['paused']]);
    end(first);
    const { refusals } = await waiting;
    assert.deepEqual(refusals, [{ index: 1, reason: 'x'.repeat(20_000) }]);
    assert.deepEqual(deadline.noted, ['paused', 'resumed']);
    await begun;
  });

test('of an answer that tells of no records only the beginning is kept, and its end is waited for', async () => {
  const incoming = incomingOf(200);
  const statuses: number[] = [];
  const reply = new ReplyReader().read(incoming, notedDeadline(), async (status) => void statuses.push(status));
  for (let at = 0; at < 20; at++) incoming.push(Buffer.alloc(64 * 1024, at === 0 ? 'a' : 'b'));
  await someTurns();
  assert.deepEqual(statuses, []);
  incoming.push(null);
  const { said, refusals } = await reply;
  assert.deepEqual([said.length, said.at(0), said.at(-1), refusals, statuses], [16_385, 'a', '…', undefined, [200]]);
});
