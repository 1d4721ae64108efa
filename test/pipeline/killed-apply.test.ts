import assert from 'node:assert/strict';
import test from 'node:test';
import type { LocalAws } from '../../scripts/local-aws/server.ts';
import { stormy } from '../../scripts/local-aws/weather/storm.ts';
import { census, censusDifferences, withoutRevisions } from '../support/census.ts';
import { killAfter } from '../support/killed-clients.ts';
import { apply, asProcess, destroy, troubles, untilNothingIsLeftToDo } from '../support/one-run.ts';
import { startWholeAws, wholeState } from '../support/whole-state.ts';

const desired = await wholeState();

type Command = typeof apply;

const same = { unwanted: [], missing: [] };

/** A run that is killed after so many writes, or after its first by a command. */
const killed = (local: LocalAws, command: Command, last: number | string): Promise<void> =>
  asProcess(local, desired, async (sets, aws) => {
    const { written } = killAfter(aws, last);
    const isDead = (): boolean => (typeof last === 'string' ? written.at(-1) === last : written.length === last);
    const ended: Promise<unknown> = command(sets);
    await ended.catch((error: unknown) => {
      if (!isDead()) throw error;
    });
    assert.ok(isDead(), `${command.name} ended before it was killed after ${last}`);
  });

const again = async (local: LocalAws, command: Command, after: string): Promise<void> =>
  assert.deepEqual(troubles(await asProcess(local, desired, command)), [], after);

/** A run that nobody disturbs, and the writes that it took. Makes each of its reads once more in the end. */
const undisturbed = (local: LocalAws, command: Command): Promise<readonly string[]> =>
  asProcess(local, desired, async (sets, aws) => {
    const { written, readAgain } = killAfter(aws, Infinity);
    const report = await command(sets);
    assert.deepEqual(troubles(report), []);
    const kinds = new Set(report.applied.map(({ change }) => change.ref.kind));
    assert.deepEqual([...kinds].sort(), sets.map(({ kind }) => kind).sort());
    const before = await census(local);
    assert.ok((await readAgain()) >= sets.length);
    assert.deepEqual(await census(local), before);
    return written;
  });

/** What there is when nobody is killed, and the writes that make it and take it away. */
async function calmly() {
  await using local = await startWholeAws();
  const made = await undisturbed(local, apply);
  const wanted = await census(local);
  const removed = await undisturbed(local, destroy);
  assert.deepEqual(await census(local), []);
  return { wanted, made, removed };
}

const calm = calmly();

test('apply and destroy make and remove resources of every kind, and what they read changes nothing', async () => {
  const { made, removed } = await calm;
  assert.ok(made.length > 50 && removed.length > 50, `only ${made.length} and ${removed.length} writes`);
});

// What a command leaves does not depend on which of its resources it was for: a second queue is made as the first one.
test('apply and destroy, each killed after any of its commands and run again, end as if they had not been killed', async () => {
  const { wanted, made, removed } = await calm;
  const [making, removing] = [[...new Set(made)], [...new Set(removed)]];
  for (const at of Array(Math.max(making.length, removing.length)).keys()) {
    const [make, remove] = [making[at], removing[at]];
    await using local = await startWholeAws();
    if (make !== undefined) await killed(local, apply, make);
    await again(local, apply, `apply after ${make}`);
    assert.deepEqual(censusDifferences(await census(local), wanted), same, `apply after ${make}`);
    if (remove === undefined) continue;
    await killed(local, destroy, remove);
    await again(local, destroy, `destroy after ${remove}`);
    assert.deepEqual(await census(local), [], `destroy after ${remove}`);
  }
});

// RegisterJobDefinition knows no token. Who was killed while it was answered, and is then told thrice what was before,
// registers a second revision, which changes nothing for anybody.
for (const seed of [1, 2, 3, 4]) {
  test(`killed in storm ${seed}, and run again until it finds nothing to do, either ends as in calm weather`, async () => {
    const { wanted, made, removed } = await calm;
    await using local = await startWholeAws(stormy(seed));
    const part = seed / 5;
    await killed(local, apply, Math.round(part * made.length));
    await untilNothingIsLeftToDo(local, desired, apply);
    assert.deepEqual(censusDifferences(withoutRevisions(await census(local)), withoutRevisions(wanted)), same);
    await killed(local, destroy, Math.round(part * removed.length));
    await untilNothingIsLeftToDo(local, desired, destroy);
    assert.deepEqual(await census(local), []);
  });
}

for (const seed of [11, 12, 13]) {
  test(`in storm ${seed} apply and destroy succeed, and whoever looks three times more sees that nothing is left to do`, async () => {
    const { wanted } = await calm;
    await using local = await startWholeAws(stormy(seed));
    await again(local, apply, 'apply');
    await untilNothingIsLeftToDo(local, desired, apply, 3);
    assert.deepEqual(censusDifferences(await census(local), wanted), same);
    await again(local, destroy, 'destroy');
    await untilNothingIsLeftToDo(local, desired, destroy, 3);
    assert.deepEqual(await census(local), []);
  });
}
