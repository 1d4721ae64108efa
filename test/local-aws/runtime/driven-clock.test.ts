import assert from 'node:assert/strict';
import test from 'node:test';
import { drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';

const start = Date.UTC(2026, 10, 23, 3);

/** Work that is busy until it is told to end. */
function openWork(): { readonly work: () => Promise<void>; readonly end: () => void } {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: () => end() };
}

test('time stands still until it is driven', async () => {
  const clock = drivenClock(start);
  const fired: number[] = [];
  clock.after(0, () => fired.push(clock.now()));
  await clock.idle();
  assert.deepEqual([clock.now(), fired], [start, []]);
});

test('advancing fires what is due on the way, at its own time, and ends at the time asked for', async () => {
  const clock = drivenClock(start);
  const fired: string[] = [];
  clock.after(3_000, () => fired.push(`late at ${clock.now() - start}`));
  clock.after(1_000, () => fired.push(`early at ${clock.now() - start}`));
  clock.after(3_001, () => fired.push('beyond'));
  await clock.advanceTo(start + 3_000);
  assert.deepEqual(fired, ['early at 1000', 'late at 3000']);
  assert.equal(clock.now(), start + 3_000);
});

test('timers of the same time fire in the order in which they were set, those set by others behind them', async () => {
  const clock = drivenClock(start);
  const fired: number[] = [];
  clock.after(10, () => {
    fired.push(1);
    clock.after(0, () => fired.push(4));
  });
  clock.after(10, () => fired.push(2));
  clock.at(start + 10, () => fired.push(3));
  await clock.advanceTo(start + 10);
  assert.deepEqual(fired, [1, 2, 3, 4]);
});

test('a timer that sets itself again fires as often as time allows', async () => {
  const clock = drivenClock(start);
  let fires = 0;
  const tick = (): void => {
    fires += 1;
    clock.after(60_000, tick);
  };
  clock.after(60_000, tick);
  await clock.advanceTo(start + 3_600_000);
  assert.equal(fires, 60);
});

test('a cancelled timer does not fire, and cancelling one that has fired is harmless', async () => {
  const clock = drivenClock(start);
  const fired: string[] = [];
  const kept = clock.after(5, () => fired.push('kept'));
  clock.after(5, () => fired.push('cancelled')).cancel();
  await clock.advanceTo(start + 5);
  kept.cancel();
  assert.deepEqual(fired, ['kept']);
});

test('a timer far beyond the longest time-out of Node fires when it is due, and no sooner', async () => {
  const clock = drivenClock(start);
  const { work, end } = openWork();
  let fired = false;
  const days = 24 * 3_600_000;
  clock.after(40 * days, () => {
    fired = true;
  });
  const busy = clock.busy(work);
  await new Promise((resolve) => setTimeout(resolve, 5));
  end();
  await busy;
  assert.equal(fired, false);
  await clock.advanceTo(start + 41 * days);
  assert.equal(fired, true);
});

test('advancing waits for busy work, and for the busy work that it leads to, before the next timer', async () => {
  const clock = drivenClock(start);
  const order: string[] = [];
  clock.after(1_000, () => {
    clock
      .busy(async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        order.push('first work');
      })
      .then(() => clock.busy(async () => order.push('second work')))
      .catch(assert.ifError);
  });
  clock.after(2_000, () => order.push('next timer'));
  await clock.advanceTo(start + 2_000);
  assert.deepEqual(order, ['first work', 'second work', 'next timer']);
});

test('while something is busy time runs at the pace of the wall and timers fire by it', async () => {
  const clock = drivenClock(start);
  let struckAt = 0;
  await clock.busy(
    () =>
      new Promise<void>((resolve) => {
        clock.after(20, () => {
          struckAt = clock.now();
          resolve();
        });
      }),
  );
  assert.ok(struckAt >= start + 20 && struckAt < start + 2_000, `struck ${struckAt - start} ms after the start`);
  const after = clock.now();
  await clock.idle();
  assert.equal(clock.now(), after);
});

test('work that runs past the time asked for leaves the clock where the wall brought it', async () => {
  const clock = drivenClock(start);
  const { work, end } = openWork();
  const busy = clock.busy(work);
  clock.after(5, end);
  await clock.advanceTo(start + 1);
  await busy;
  assert.ok(clock.now() >= start + 5);
});

test('skipping moves on at once while something is busy, and fires in order what becomes due', async () => {
  const clock = drivenClock(start);
  const { work, end } = openWork();
  const busy = clock.busy(work);
  const fired: number[] = [];
  clock.after(60_000, () => fired.push(60));
  clock.after(30_000, () => {
    fired.push(30);
    clock.after(10_000, () => fired.push(40));
  });
  clock.skip(60_000);
  assert.deepEqual(fired, [30, 40, 60]);
  assert.ok(clock.now() >= start + 60_000);
  end();
  await busy;
});

test('time neither jumps back nor is lost when busy work ends after a skip', async () => {
  const clock = drivenClock(start);
  const { work, end } = openWork();
  const busy = clock.busy(work);
  clock.skip(1_000);
  end();
  await busy;
  assert.ok(clock.now() >= start + 1_000 && clock.now() < start + 3_000);
});

test('an exception in a timer reaches the one who drove it, and the timers behind it stay due', async () => {
  const clock = drivenClock(start);
  const fired: string[] = [];
  const fail = (): void => {
    throw new Error('broken timer');
  };
  clock.after(10, fail);
  clock.after(20, () => fired.push('behind'));
  await assert.rejects(clock.advanceTo(start + 30), /broken timer/);
  assert.deepEqual(fired, []);
  await clock.advanceTo(start + 30);
  assert.deepEqual(fired, ['behind']);

  clock.after(10, fail);
  assert.throws(() => clock.skip(10), /broken timer/);
});

test('busy work that fails passes its error on and does not stay busy', async () => {
  const clock = drivenClock(start);
  const failing = clock.busy(() => Promise.reject(new Error('broken work')));
  await assert.rejects(failing, /broken work/);
  await assert.rejects(
    clock.busy(() => {
      throw new Error('broken at once');
    }),
    /broken at once/,
  );
  // Beyond what passes while it is busy.
  await clock.advanceTo(start + 60_000);
  assert.equal(clock.now(), start + 60_000);
});
