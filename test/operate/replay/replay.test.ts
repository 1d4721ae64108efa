import assert from 'node:assert/strict';
import test from 'node:test';
import { TerminateJobCommand } from '@aws-sdk/client-batch';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { lettersWorld } from './letters-world.ts';

test('letters of all ways are shown without what is secret, and each is one job of its own event once it is replayed', async (t) => {
  const world = await lettersWorld(t);
  await world.breakRule();
  await world.breakScheduler();
  await world.breakTopic();
  await world.publish('one https://ann:pass@example.com/?token=hidden');
  await world.pass();
  await world.mend();
  await world.breakQueue();
  await world.publish('{"id":"two"}');
  await world.pass(0.01);
  assert.deepEqual(await world.jobs(), []);

  const { out } = await world.replay({ show: true });
  assert.match(
    out,
    new RegExp(
      [
        '^letter    since                 queue                       received  what',
        '[0-9a-f]{8}  2026-11-24T12:00:0\\dZ  shop-undelivered-messages          1  topic "changed", message [0-9a-f-]{36}',
        '          why: SNS could not invoke the function, and does not say why',
        '[0-9a-f]{8}  2026-11-25T03:00:0\\dZ  shop-undelivered-schedules         1  schedule "nightly", its time 2026-11-25T03:00:00Z',
        '          why: NO_PERMISSIONS: events.amazonaws.com is not authorized .* \\(0 retries\\)',
        '[0-9a-f]{8}  2026-11-25T04:00:0\\dZ  shop-undelivered-schedules         1  schedule "zoned", its time 2026-11-25T04:00:00Z',
        '          why: AccessDenied.*',
        '[0-9a-f]{8}  2026-11-25T12:\\S+Z  shop-failed-invocations            1  topic "changed", message [0-9a-f-]{36}',
        '          why: 1 of 1 records failed: .*Cannot submit job to job queue shop-main in state DISABLED.* \\(RetriesExhausted after 3 tries\\)\\n$',
      ].join('\\n'),
    ),
  );
  assert.doesNotMatch(out, /secret|hidden|pass@/);
  const all = [await world.depth('undelivered-schedules'), await world.depth('undelivered-messages')];
  assert.deepEqual(
    [...all, await world.depth('failed-invocations')],
    [
      [2, 0],
      [1, 0],
      [1, 0],
    ],
  );

  // As long as its queue takes nothing, each fails again and stays, and can be taken by others at once.
  const failing = await world.replay();
  assert.equal(failing.code, 1);
  assert.match(
    failing.out,
    /schedule "nightly", .*: left where it is: submitting job "nightly-20261125T030000Z" .*state DISABLED\n/,
  );
  assert.match(failing.out, /\n0 replayed, 4 left in their queues$/);
  assert.deepEqual(await world.depth('undelivered-schedules'), [2, 0]);

  await world.mend();
  const { out: document } = await world.replay({ json: true, yes: false, queue: 'failed-invocations' });
  const { letters } = z.object({ letters: z.array(z.object({ id: z.string() })) }).parse(JSON.parse(document));
  await assert.rejects(world.replay({ id: ['none'] }), {
    message: 'looking for dead letters of shop/local: the id of none begins with "none"; there are 4 others',
  });
  const one = await world.replay({ id: letters.map(({ id }) => id.slice(0, 6)) });
  assert.deepEqual([one.code, await world.jobs()], [0, ['consume-two']]);
  const { code, out: done } = await world.replay();
  assert.equal(code, 0);
  assert.match(done, /\n[0-9a-f]{8} {2}schedule "nightly", its time 2026-11-25T03:00:00Z: job [0-9a-f-]{36}: \w+\n/);
  assert.match(done, /\n3 replayed$/);
  const [first, ...jobs] = await world.jobs();
  assert.match(first ?? '', /^consume-[0-9a-f-]{36}$/);
  assert.deepEqual(jobs, ['consume-two', 'nightly-20261125T030000Z', 'zoned-20261125T040000Z']);
  assert.deepEqual(await world.replay(), { code: 0, out: 'shop/local: no dead letters' });
});

test('what was submitted before is not submitted again: it is said what became of it, also when Batch does not know it any more', async (t) => {
  const world = await lettersWorld(t);
  const { aws } = world;
  await world.breakRule();
  await world.pass();
  const QueueUrl = await world.queueUrl('undelivered-schedules');
  const look = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames: ['All'] });
  const { Messages: [message] = [] } = await aws.sqs.send(look);
  const { Body: MessageBody, MessageAttributes = {} } = message ?? {};
  // A rule can fire twice for one time, and both come here.
  const again = () => aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  await world.mend();
  const { out } = await world.replay();
  const [, jobId = ''] = /: job ([0-9a-f-]{36}): /.exec(out) ?? [];
  await aws.batch.send(new TerminateJobCommand({ jobId, reason: 'by ben, see https://ben:pass@example.com/?token=x' }));
  await again();
  const second = await world.replay();
  assert.equal(second.code, 0);
  assert.ok(
    second.out.includes(
      `job ${jobId} was submitted before: FAILED (by ben, see https://…@example.com/?…); a replay does not submit it again: run it by hand (npm run trigger -- --environment local …)`,
    ),
    second.out,
  );
  await again();
  await world.breakRule();
  await world.breakScheduler();
  await world.pass(8);
  await world.mend();
  const oldest = await world.replay({ limit: 1 });
  assert.match(
    oldest.out,
    new RegExp(
      `job ${jobId} was submitted before, so long ago that Batch does not know it any more\n1 replayed\nthere may be more`,
    ),
  );
  assert.deepEqual(
    (await world.jobs()).filter((name) => name.startsWith('nightly')),
    [],
  );
});

test('a letter of no known form, of somebody else’s function, or of a rule that is gone is shown and left', async (t) => {
  const world = await lettersWorld(t);
  const QueueUrl = await world.queueUrl('undelivered-schedules');
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const put = (MessageBody: string, attributes: Readonly<Record<string, string>> = {}) =>
    world.aws.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)])),
      }),
    );
  const event = JSON.stringify({ id: '1', time: '2026-11-24T03:00:00Z', source: 'aws.events' });
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:000000000000:${rest}`;
  await put('hello');
  await put(event, { RULE_ARN: arn('events', 'rule/shop-nightly'), TARGET_ARN: arn('lambda', 'function:other') });
  const ours = arn('lambda', 'function:shop-schedule-to-batch');
  await put(event, { RULE_ARN: arn('events', 'rule/shop-gone'), TARGET_ARN: ours });
  await put('{"jobName":"cu', {
    SCHEDULE_ARN: arn('scheduler', 'schedule/a/b'),
    TARGET_ARN: ours,
    IS_PAYLOAD_TRUNCATED: 'true',
  });
  const { code, out } = await world.replay();
  assert.equal(code, 1);
  assert.match(
    out,
    /not known: left where it is: it has none of the forms that EventBridge, Scheduler, SNS and Lambda give\n/,
  );
  assert.match(out, /: left where it is: it was for \S+:function:other, which is no function of this environment\n/);
  assert.match(out, /: left where it is: rule "shop-gone" is gone, and with it what it would send\n/);
  assert.match(out, /\n0 replayed, 4 left in their queues$/);
  const shown = await world.replay({ json: true, yes: false });
  const Shown = z.object({ letters: z.array(z.object({ id: z.string(), type: z.string(), received: z.number() })) });
  const { letters } = Shown.parse(JSON.parse(shown.out));
  assert.deepEqual(
    letters.map(({ type, received }) => [type, received]),
    [
      ['unknown', 2],
      ['rule', 2],
      ['rule', 2],
      ['unknown', 2],
    ],
  );
  assert.deepEqual(await world.depth('undelivered-schedules'), [4, 0]);

  // Nobody is asked about what cannot be done; what is of no use is deleted where somebody says so, and nothing else.
  assert.equal((await world.replay({ yes: false })).code, 1);
  const [id = '', ...others] = letters.map((letter) => letter.id);
  await assert.rejects(world.replay({ discard: [id], yes: false }), {
    message: /^discarding 1 dead letter of shop\/local: nobody is here to be asked; say --yes/,
  });
  await assert.rejects(world.replay({ discard: [id], id: others }), {
    message: /--discard and --id do not go together/,
  });
  const only = await world.replay({ discard: [id], show: true });
  assert.match(only.out, new RegExp(`cannot be replayed: .*; --discard ${id.slice(0, 8)} deletes it\\n$`));
  assert.deepEqual(await world.depth('undelivered-schedules'), [4, 0]);
  const discarded = await world.replay({ discard: [id] });
  assert.equal(discarded.code, 0);
  assert.match(discarded.out, /: discarded; nothing was run\n1 discarded$/);
  assert.deepEqual(await world.depth('undelivered-schedules'), [3, 0]);
  assert.deepEqual(await world.jobs(), []);
});
