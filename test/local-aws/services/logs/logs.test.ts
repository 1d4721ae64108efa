import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateFilterLogEvents,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { drivenClock } from '../../../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../../../scripts/local-aws/server.ts';
import { taggedResources } from '../../../support/tagged-resources.ts';

const start = Date.UTC(2026, 10, 23, 3);
const group = { logGroupName: '/aws/batch/job' };
const stream = { ...group, logStreamName: 'feed-watcher/default/1' };

/** The embedded AWS, and its CloudWatch Logs through a client. What `write` writes is a second apart in each stream. */
async function openLogs(t: TestContext) {
  const clock = drivenClock(start);
  const { endpoint, world, close } = await startLocalAws({ clock, account: '123456789012', region: 'eu-central-1' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const logs = new CloudWatchLogsClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  t.after(close);
  const written = new Map<string, number>();
  const write = (streamName: string, ...messages: string[]) => {
    const before = written.get(streamName) ?? 0;
    written.set(streamName, before + messages.length);
    const events = messages.map((message, at) => ({ timestamp: start + (before + at) * 1_000, message }));
    world.ports.logs.append(group.logGroupName, streamName, events);
  };
  const read = async (input: Partial<GetLogEventsCommandInput> = {}) => {
    const { events = [], ...tokens } = await logs.send(new GetLogEventsCommand({ ...stream, ...input }));
    return {
      messages: events.map(({ message }) => message),
      forward: tokens.nextForwardToken,
      backward: tokens.nextBackwardToken,
    };
  };
  const filter = async (filterPattern: string) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ ...group, filterPattern }));
    return events.map(({ message }) => message);
  };
  return { logs, world, clock, write, read, filter };
}

test('a stream is read forward from its head, page by page, until the token stays the same', async (t) => {
  const { write, read } = await openLogs(t);
  write(stream.logStreamName, 'one', 'two', 'three');
  const first = await read({ startFromHead: true, limit: 2 });
  assert.deepEqual(first.messages, ['one', 'two']);
  const second = await read({ nextToken: first.forward, limit: 2 });
  assert.deepEqual(second.messages, ['three']);
  const end = await read({ nextToken: second.forward, limit: 2 });
  assert.deepEqual([end.messages, end.forward], [[], second.forward]);
  write(stream.logStreamName, 'four');
  assert.deepEqual((await read({ nextToken: end.forward })).messages, ['four']);
});

test('a stream is read backward from its tail', async (t) => {
  const { write, read } = await openLogs(t);
  write(stream.logStreamName, 'one', 'two', 'three');
  const last = await read({ limit: 2 });
  assert.deepEqual(last.messages, ['two', 'three']);
  const before = await read({ nextToken: last.backward, limit: 2 });
  assert.deepEqual(before.messages, ['one']);
  const end = await read({ nextToken: before.backward });
  assert.deepEqual([end.messages, end.backward], [[], before.backward]);
});

test('reading can be limited to a span of time, whose end is not part of it', async (t) => {
  const { write, read } = await openLogs(t);
  write(stream.logStreamName, 'one', 'two', 'three');
  const { messages } = await read({ startTime: start + 1_000, endTime: start + 2_000, startFromHead: true });
  assert.deepEqual(messages, ['two']);
});

test('a page holds at most a mebibyte', async (t) => {
  const { write, read } = await openLogs(t);
  write(stream.logStreamName, ...Array.from({ length: 12 }, (_, at) => `${at} ${'x'.repeat(200_000)}`));
  const first = await read({ startFromHead: true });
  assert.equal(first.messages.length, 5);
  const second = await read({ nextToken: first.forward });
  assert.match(second.messages[0] ?? '', /^5 x/);
});

test('events of all streams are filtered by what their text must, must not and may hold, in the order of their time', async (t) => {
  const { write, filter } = await openLogs(t);
  write('b/1', 'ERROR feed broken', 'INFO done');
  write('a/1', 'ERROR time-out', 'WARN feed slow');
  assert.deepEqual(await filter(''), ['ERROR feed broken', 'ERROR time-out', 'INFO done', 'WARN feed slow']);
  assert.deepEqual(await filter('ERROR feed'), ['ERROR feed broken']);
  assert.deepEqual(await filter('ERROR -feed'), ['ERROR time-out']);
  assert.deepEqual(await filter('?done ?slow'), ['INFO done', 'WARN feed slow']);
  assert.deepEqual(await filter('"feed slow"'), ['WARN feed slow']);
  await assert.rejects(filter('{ $.level = "error" }'), { name: 'InvalidParameterException' });
});

test('filtered events come in pages', async (t) => {
  const { logs, write } = await openLogs(t);
  write('a/1', 'one', 'two', 'three');
  const pages: number[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client: logs, pageSize: 2 }, { ...group }))
    pages.push(events.length);
  assert.deepEqual(pages, [2, 1]);
});

test('a client writes events in the order of their time, and is told which are too old or too new', async (t) => {
  const { logs, read } = await openLogs(t);
  await logs.send(new CreateLogGroupCommand(group));
  await logs.send(new CreateLogStreamCommand(stream));
  const put = (...days: number[]) => {
    const logEvents = days.map((day) => ({ timestamp: start + day * 86_400_000, message: `day ${day}` }));
    return logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  };
  const { rejectedLogEventsInfo } = await put(-20, -15, -1, 0, 1);
  assert.deepEqual(rejectedLogEventsInfo, { tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 });
  assert.deepEqual((await read()).messages, ['day -1', 'day 0']);
  await assert.rejects(put(0, -1), { name: 'InvalidParameterException', message: /chronological order/ });
});

test('groups and streams are made once, described and deleted', async (t) => {
  const { logs, write, clock } = await openLogs(t);
  await logs.send(new CreateLogGroupCommand({ ...group, tags: { team: 'feeds' } }));
  await assert.rejects(logs.send(new CreateLogGroupCommand(group)), { name: 'ResourceAlreadyExistsException' });
  await assert.rejects(logs.send(new GetLogEventsCommand(stream)), {
    message: 'The specified log stream does not exist.',
  });
  write('b', 'first');
  await clock.advanceTo(start + 60_000);
  write('a', 'one', 'two');
  const { logStreams = [] } = await logs.send(
    new DescribeLogStreamsCommand({ ...group, orderBy: 'LastEventTime', descending: true }),
  );
  assert.deepEqual(
    logStreams.map(({ logStreamName, creationTime, lastEventTimestamp }) => ({
      logStreamName,
      creationTime,
      lastEventTimestamp,
    })),
    [
      { logStreamName: 'a', creationTime: start + 60_000, lastEventTimestamp: start + 1_000 },
      { logStreamName: 'b', creationTime: start, lastEventTimestamp: start },
    ],
  );
  await logs.send(new DeleteLogGroupCommand(group));
  assert.deepEqual((await logs.send(new DescribeLogGroupsCommand({}))).logGroups, []);
  await assert.rejects(logs.send(new DescribeLogStreamsCommand(group)), {
    message: 'The specified log group does not exist.',
  });
});

test('retention is one of the numbers of days that CloudWatch knows, or none', async (t) => {
  const { logs } = await openLogs(t);
  await logs.send(new CreateLogGroupCommand(group));
  const retention = async () =>
    (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/batch' }))).logGroups?.[0]
      ?.retentionInDays;
  await logs.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 14 }));
  assert.equal(await retention(), 14);
  await assert.rejects(logs.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 15 })), {
    name: 'InvalidParameterException',
  });
  await logs.send(new DeleteRetentionPolicyCommand(group));
  assert.equal(await retention(), undefined);
});

test('tags are set by ARN, removed, listed by ARN and by name, and seen by the tagging API', async (t) => {
  const { logs, world } = await openLogs(t);
  await logs.send(new CreateLogGroupCommand({ ...group, tags: { a: '1' } }));
  const resourceArn = 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/batch/job';
  await logs.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { b: '2' });
  assert.deepEqual((await logs.send(new ListTagsLogGroupCommand(group))).tags, { b: '2' });
  assert.deepEqual(taggedResources(world), [{ arn: resourceArn, tags: { b: '2' } }]);
});

test('a stream keeps its latest events, and reading goes on where it was', async (t) => {
  const { write, read } = await openLogs(t);
  write(stream.logStreamName, 'first');
  const { forward } = await read();
  for (let at = 0; at < 21; at += 1)
    write(stream.logStreamName, ...Array.from({ length: 1_000 }, (_, n) => `${at}-${n}`));
  const head = await read({ startFromHead: true, limit: 1 });
  const next = await read({ nextToken: forward, limit: 1 });
  assert.notEqual(head.messages[0], 'first');
  assert.deepEqual(next.messages, head.messages);
});
