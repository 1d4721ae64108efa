import assert from 'node:assert/strict';
import test from 'node:test';
import { saying } from '../../scripts/control/reading.ts';

test('in a terminal what is waited for is said with the seconds, and its line is taken away; elsewhere nothing is', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  for (const [isTTY, said] of [
    [true, ['reading …', 'reading … 1 s', 'reading … 2 s', '']],
    [false, []],
  ] as const) {
    const writes: string[] = [];
    const terminal = { isTTY, write: (text: string) => writes.push(text) > 0 };
    let finish = (_: string): void => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const answer = saying('reading', work, terminal);
    for (let second = 0; second < 2; second += 1) {
      now += 1_000;
      t.mock.timers.tick(1_000);
    }
    finish('done');
    assert.equal(await answer, 'done');
    assert.deepEqual(
      writes,
      said.map((text) => `\r\u001b[2K${text}`),
    );
    now = 0;
  }
});

test('its line is also taken away when what was waited for fails', async () => {
  const writes: string[] = [];
  const terminal = { isTTY: true, write: (text: string) => writes.push(text) > 0 };
  await assert.rejects(saying('reading', Promise.reject(new Error('no')), terminal), /no/);
  assert.equal(writes.at(-1), '\r\u001b[2K');
});
