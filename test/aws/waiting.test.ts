import assert from 'node:assert/strict';
import test from 'node:test';
import { persist, settle } from '../../scripts/aws/waiting.ts';

const pace = { first: 1, most: 2, limit: 20 };

function waiter(controller = new AbortController()) {
  const heard: string[] = [];
  return { heard, signal: controller.signal, waiting: (forWhat: string) => void heard.push(forWhat) };
}

test('what has settled is returned, and each status before it is told', async () => {
  const statuses = ['CREATING', 'CREATING', 'VALID'];
  const who = waiter();
  const value = await settle(pace, who, {
    what: 'job queue "main"',
    read: async () => statuses.shift() ?? 'VALID',
    pending: (status) => (status === 'VALID' ? undefined : status),
  });
  assert.equal(value, 'VALID');
  assert.deepEqual(who.heard, ['job queue "main" is CREATING', 'job queue "main" is CREATING']);
});

test('what never settles is given up with the last status seen', async () => {
  await assert.rejects(
    settle(pace, waiter(), { what: 'job queue "main"', read: async () => 'UPDATING', pending: (status) => status }),
    /^Error: waiting for job queue "main": still UPDATING after 0 s; once AWS is done with it, run this again$/,
  );
});

test('waiting ends at once when it is stopped, with the last status seen', async () => {
  const controller = new AbortController();
  const forEver = { first: 3_600_000, most: 3_600_000, limit: 3_600_000 };
  const read = async () => {
    controller.abort();
    return 'CREATING';
  };
  await assert.rejects(
    settle(forEver, waiter(controller), { what: 'job queue "main"', read, pending: (status) => status }),
    /^Error: waiting for job queue "main": stopped while still CREATING; run this again to go on$/,
  );
});

test('a refusal that passes is waited out, any other is thrown as it is', async () => {
  const refusals = [new Error('not yet'), new Error('not yet'), new Error('never')];
  const who = waiter();
  const attempt = async () => {
    throw refusals.shift() ?? new Error('one attempt too many');
  };
  await assert.rejects(
    persist(pace, who, {
      what: 'function "f"',
      attempt,
      transient: (error) => (error instanceof Error && error.message === 'not yet' ? 'not ready' : undefined),
    }),
    /^Error: never$/,
  );
  assert.deepEqual(who.heard, ['function "f" is not ready', 'function "f" is not ready']);
});
