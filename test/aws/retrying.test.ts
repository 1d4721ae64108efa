import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import { atOnce, mapConcurrently } from '../../scripts/aws/concurrency.ts';
import { retrying } from '../../scripts/aws/retrying.ts';
import type { Timer } from '../../scripts/aws/send-rate.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../scripts/local-aws/wire/service.ts';
import { awsServing } from '../kinds/served.ts';

/** Time that passes only while somebody waits for it. */
function virtualTimer(): Timer & { run(work: Promise<unknown>): Promise<void> } {
  let time = 0;
  const waiting: { readonly at: number; resolve(): void }[] = [];
  return {
    now: () => time,
    wait: (milliseconds) =>
      new Promise<void>((resolve) => {
        waiting.push({ at: time + milliseconds, resolve });
        waiting.sort((a, b) => a.at - b.at);
      }),
    run: async (work) => {
      let done = false;
      const end = work.finally(() => {
        done = true;
      });
      for (await turn(); !done; await turn()) {
        const next = waiting.shift();
        if (next === undefined) continue;
        time = next.at;
        next.resolve();
      }
      await end;
    },
  };
}

const latency = 30;

/** 250 requests, 16 at a time, to a service that takes so many a second and has as many in hand. */
async function burst(perSecond: number): Promise<{ readonly seconds: number; readonly refused: number }> {
  const timer = virtualTimer();
  const strategy = retrying(timer, undefined, () => 0.5);
  let [inHand, filled, refused] = [perSecond, 0, 0];
  const takes = (): boolean => {
    inHand = Math.min(perSecond, inHand + ((timer.now() - filled) * perSecond) / 1_000);
    filled = timer.now();
    const isTaken = inHand >= 1;
    if (isTaken) inHand -= 1;
    else refused += 1;
    return isTaken;
  };
  const request = async (): Promise<void> => {
    let token = await strategy.acquireInitialRetryToken('');
    for (;;) {
      await timer.wait(latency);
      if (takes()) return strategy.recordSuccess(token);
      token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' });
    }
  };
  await timer.run(mapConcurrently(Array(250).fill(0), 16, request));
  return { seconds: timer.now() / 1_000, refused };
}

test('a burst that is not throttled is not slowed down', async () => {
  const { seconds, refused } = await burst(1_000);
  assert.equal(refused, 0);
  assert.ok(Math.abs(seconds - Math.ceil(250 / 16) * 0.03) < 0.001, `${seconds} s`);
});

for (const perSecond of [50, 20, 10]) {
  test(`a service that takes ${perSecond} requests a second is sent about as many, and all are taken`, async () => {
    const { seconds, refused } = await burst(perSecond);
    const least = (250 - perSecond) / perSecond;
    assert.ok(seconds < least * 1.3, `${seconds} s, and ${least} s would have been enough`);
    assert.ok(refused < 125, `${refused} were refused`);
  });
}

test('what no repetition mends is not repeated, and what could not be reached only a few times', async () => {
  const strategy = retrying({ now: () => 0, wait: async () => {} });
  const tries = async (errorType: 'CLIENT_ERROR' | 'TRANSIENT' | 'THROTTLING'): Promise<number> => {
    let token = await strategy.acquireInitialRetryToken('');
    for (let tried = 1; ; tried += 1) {
      try {
        token = await strategy.refreshRetryTokenForRetry(token, { errorType });
      } catch {
        return tried;
      }
    }
  };
  assert.deepEqual([await tries('CLIENT_ERROR'), await tries('TRANSIENT'), await tries('THROTTLING')], [1, 6, 12]);
});

test('a quota that is used up is told at once, though the SDK takes it for too many requests', async (context) => {
  let asked = 0;
  const events = () =>
    defineService(
      eventbridge,
      eventbridge.EventBridgeClient,
    )({
      PutRule: () => {
        asked += 1;
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      },
    });
  const aws = await awsServing(context, { events });
  await assert.rejects(aws.events.send(new eventbridge.PutRuleCommand({ Name: 'rule' })), {
    name: 'LimitExceededException',
  });
  assert.equal(asked, 1);
});

test('pauses double, begin longer where there were too many requests, and heed what the service asks for', async () => {
  const waited: number[] = [];
  const timer = { now: () => waited.length * 1e6, wait: async (pause: number) => void waited.push(pause) };
  const strategy = retrying(timer, undefined, () => 1);
  const token = await strategy.acquireInitialRetryToken('');
  const second = await strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' });
  await strategy.refreshRetryTokenForRetry(second, { errorType: 'TRANSIENT' });
  await strategy.refreshRetryTokenForRetry(second, { errorType: 'THROTTLING' });
  const retryAfterHint = new Date(Date.now() + 3_600_000);
  await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING', retryAfterHint });
  assert.deepEqual(waited, [50, 100, 1_000, 20_000]);
});

test('calls that are each throttled twice are all answered, with what was asked', async (context) => {
  const refusals = new Map<string, number>();
  const events = () =>
    defineService(
      eventbridge,
      eventbridge.EventBridgeClient,
    )({
      DescribeRule: ({ Name }) => {
        const before = refusals.get(Name) ?? 0;
        refusals.set(Name, before + 1);
        if (before < 2) throw new AwsError('ThrottlingException', 'Rate exceeded');
        return { Name };
      },
    });
  const aws = await awsServing(context, { events });
  const names = ['a', 'b', 'c', 'd'];
  const answers = await mapConcurrently(names, 4, (Name) =>
    aws.events.send(new eventbridge.DescribeRuleCommand({ Name })),
  );
  assert.deepEqual(
    answers.map(({ Name }) => Name),
    names,
  );
});

test('what waits to be repeated fails with what was answered once the clients are closed', async (context) => {
  const events = () =>
    defineService(
      eventbridge,
      eventbridge.EventBridgeClient,
    )({
      DescribeRule: () => {
        setImmediate(() => aws.close());
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      },
    });
  const aws = await awsServing(context, { events });
  const begun = performance.now();
  await assert.rejects(aws.events.send(new eventbridge.DescribeRuleCommand({ Name: 'rule' })));
  // Twelve attempts take minutes.
  assert.ok(performance.now() - begun < 5_000);
});

test('a service has no more requests under way at once than its connections, whoever makes them', async (context) => {
  let [underWay, most] = [0, 0];
  const events = () =>
    defineService(
      eventbridge,
      eventbridge.EventBridgeClient,
    )({
      DescribeRule: async ({ Name }) => {
        underWay += 1;
        most = Math.max(most, underWay);
        for (let turns = 0; turns < 20; turns += 1) await turn();
        underWay -= 1;
        return { Name };
      },
    });
  const aws = await awsServing(context, { events });
  const kinds = Array.from({ length: 4 }, () =>
    mapConcurrently(Array(20).fill('rule'), atOnce, (Name) =>
      aws.events.send(new eventbridge.DescribeRuleCommand({ Name })),
    ),
  );
  await Promise.all(kinds);
  assert.equal(most, atOnce);
});
