import type { World } from '../../world.ts';
import type { LogGroup, LogStream } from './log-group.ts';
import { invalid, type LogStore, type LogsHandlers, page } from './log-store.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const day = 24 * 60 * 60 * 1000;
const oldest = 14 * day;
const newest = day / 12;
const mostAtOnce = 10_000;

/** Log streams, and writing to them. */
export function streamHandlers(world: World, store: LogStore) {
  return {
    CreateLogStream(input) {
      store.createStream(store.group(input.logGroupName), input.logStreamName);
      return {};
    },
    DeleteLogStream(input) {
      const group = store.group(input.logGroupName);
      group.streams.delete(store.stream(group, input.logStreamName).name);
      return {};
    },
    DescribeLogStreams(input) {
      const group = store.group(input.logGroupIdentifier ?? input.logGroupName);
      if (input.orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined)
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const streams = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .sort(input.orderBy === 'LastEventTime' ? byLastEvent : byName);
      if (input.descending === true) streams.reverse();
      const { items, ...next } = page(streams, input.nextToken, input.limit ?? 50);
      return { logStreams: items.map((stream) => describe(group, stream)), ...next };
    },
    PutLogEvents(input) {
      const group = store.group(input.logGroupName);
      store.stream(group, input.logStreamName);
      const events = input.logEvents.map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
      if (events.length > mostAtOnce) throw invalid(`A request takes at most ${mostAtOnce} log events.`);
      if (events.some((event, at) => event.timestamp < (events[at - 1]?.timestamp ?? 0)))
        throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
      const now = world.clock.now();
      const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - oldest);
      const tooNew = events.findIndex(({ timestamp }) => timestamp > now + newest);
      store.append(group.name, input.logStreamName, events.slice(tooOld + 1, tooNew < 0 ? undefined : tooNew));
      const rejected = {
        ...(tooOld >= 0 && { tooOldLogEventEndIndex: tooOld + 1 }),
        ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
      };
      return tooOld >= 0 || tooNew >= 0 ? { rejectedLogEventsInfo: rejected } : {};
    },
  } satisfies LogsHandlers;
}

const byName = (a: LogStream, b: LogStream): number => (a.name < b.name ? -1 : 1);
const byLastEvent = (a: LogStream, b: LogStream): number => (a.last()?.timestamp ?? 0) - (b.last()?.timestamp ?? 0);

function describe(group: LogGroup, stream: LogStream) {
  const [first, last] = [stream.first(), stream.last()];
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(first !== undefined && { firstEventTimestamp: first.timestamp }),
    ...(last !== undefined && { lastEventTimestamp: last.timestamp, lastIngestionTime: last.ingestionTime }),
    arn: group.streamArn(stream),
    storedBytes: 0,
  };
}
