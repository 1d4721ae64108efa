import assert from 'node:assert/strict';
import test from 'node:test';
import type { Job } from '../../scripts/operate/job.ts';
import type { Look } from '../../scripts/operate/trigger/following.ts';
import type { Told } from '../../scripts/operate/trigger/told.ts';
import { type Watched, watch } from '../../scripts/operate/trigger/watch.ts';

const job = (status: Job['status']): Job => ({
  ...{ id: 'x', name: 'job', status, reason: '', queue: 'q', definition: 'd:1', createdAt: 0 },
  ...{ attempts: [], mostAttempts: 1, logGroup: '/aws/batch/job', vcpus: 1, dependsOn: [] },
});

const seen = (status: Job['status'], isNew = false): Look => ({ job: job(status), isNew });
const failure = (name: string, more: object): Error => Object.assign(new Error(name), { name, ...more });
const lost = failure('Error', { code: 'ECONNRESET', $metadata: { attempts: 6 } });

interface Outcome {
  readonly watched: Watched;
  readonly pauses: readonly number[];
  readonly told: readonly Told[];
}

/** Watches by a clock that stands still but for its pauses; the last look is seen again and again. */
async function watched(
  looks: readonly (Look | Error)[],
  { isDistant = false, deadline = Number.POSITIVE_INFINITY } = {},
): Promise<Outcome> {
  let time = 0;
  const pauses: number[] = [];
  const told: Told[] = [];
  const left = [...looks];
  const result = await watch({
    following: {
      failed: [],
      look: async () => {
        const look = left.length > 1 ? left.shift() : left[0];
        if (look === undefined || look instanceof Error) throw look;
        return look;
      },
    },
    clock: {
      now: () => time,
      wait: async (milliseconds) => {
        pauses.push(milliseconds);
        time += milliseconds;
      },
    },
    pace: { first: 500, most: 10_000, limit: 0 },
    isDistant,
    deadline,
    stop: new AbortController().signal,
    tell: (each) => told.push(each),
    show: () => {},
  });
  return { watched: result, pauses, told };
}

test('a job is looked at often while something happens, and less often, up to five seconds, while nothing does', async () => {
  const quiet = Array.from({ length: 8 }, () => seen('RUNNING'));
  const { watched: end, pauses } = await watched([
    seen('RUNNABLE', true),
    ...quiet,
    seen('RUNNING', true),
    seen('SUCCEEDED'),
  ]);
  assert.equal(end.why, 'ended');
  assert.deepEqual(pauses.map(Math.round), [500, 750, 1125, 1688, 2531, 3797, 5000, 5000, 5000, 500]);
});

test('the time that is given is not slept over', async () => {
  const { watched: end, pauses } = await watched([seen('RUNNING')], { deadline: 3_000 });
  assert.deepEqual([end.why, end.job?.status], ['timed out', 'RUNNING']);
  assert.equal(
    pauses.reduce((sum, pause) => sum + pause, 0),
    3_000,
  );
});

test('lines that come after the end are waited for, until two looks bring none, and not for ever', async () => {
  const ended = seen('SUCCEEDED');
  const late = await watched([seen('SUCCEEDED', true), ended, seen('SUCCEEDED', true), ended], { isDistant: true });
  assert.equal(late.pauses.length, 4);
  const endless = await watched([seen('SUCCEEDED', true)], { isDistant: true });
  assert.equal(endless.pauses.length, 6);
});

test('a network that fails for a while is said once and outlasted; one that stays away is given up after ten minutes', async () => {
  const { watched: end, told } = await watched([seen('RUNNING'), lost, lost, seen('RUNNING'), seen('SUCCEEDED')]);
  assert.equal(end.why, 'ended');
  assert.deepEqual(
    told.map((each) => each.type === 'trouble' && each.reason),
    ['Error'],
  );
  await assert.rejects(watched([seen('RUNNING'), lost]), lost);
});

test('throttling and troubles of AWS pass; a missing permission, expired credentials and our own mistakes do not', async () => {
  const busy = failure('TooManyRequestsException', { $fault: 'client', $metadata: { httpStatusCode: 429 } });
  const broken = failure('ServerException', { $fault: 'server', $metadata: { httpStatusCode: 500 } });
  for (const passing of [busy, broken]) {
    assert.equal((await watched([passing, seen('SUCCEEDED')])).watched.why, 'ended');
  }
  for (const lasting of [
    failure('AccessDeniedException', { $fault: 'client', $metadata: { httpStatusCode: 403 } }),
    failure('CredentialsProviderError', { $metadata: {} }),
    new TypeError('x is undefined'),
  ]) {
    await assert.rejects(watched([lasting, seen('SUCCEEDED')]), lasting);
  }
});

test('a job that is not known at once may be in a minute, and one that is forgotten is gone', async () => {
  const unknown = { job: undefined, isNew: false };
  assert.equal((await watched([unknown, unknown, seen('SUCCEEDED')])).watched.why, 'ended');
  await assert.rejects(
    watched([unknown]),
    /Batch does not know the job; it keeps those that have ended for about 7 days/,
  );
  await assert.rejects(watched([seen('RUNNING'), unknown]), /does not know the job/);
});
