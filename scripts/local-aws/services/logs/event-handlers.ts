import { filterOf } from './filter-pattern.ts';
import type { LogEvent, LogStream } from './log-group.ts';
import { invalid, type LogStore, type LogsHandlers, page } from './log-store.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
const mostEvents = 10_000;
const mostBytes = 1024 * 1024;

/** Reading what was written. */
export function eventHandlers(store: LogStore) {
  return {
    GetLogEvents(input) {
      const stream = store.stream(store.group(input.logGroupIdentifier ?? input.logGroupName), input.logStreamName);
      const within = ({ timestamp }: LogEvent): boolean =>
        timestamp >= (input.startTime ?? 0) && timestamp < (input.endTime ?? Number.POSITIVE_INFINITY);
      const limit = Math.min(input.limit ?? mostEvents, mostEvents);
      const { from, to } = read(stream, tokenOf(stream, input.nextToken, input.startFromHead ?? false), limit, within);
      return {
        events: stream.slice(from, to).filter(within),
        nextForwardToken: `f/${digits(to)}/s`,
        nextBackwardToken: `b/${digits(from)}/s`,
      };
    },
    FilterLogEvents(input) {
      const group = store.group(input.logGroupIdentifier ?? input.logGroupName);
      const names = input.logStreamNames ?? [...group.streams.keys()];
      const matches = filterOf(input.filterPattern ?? '');
      const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
      const found = names
        .filter((name) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .map((name) => store.stream(group, name))
        .flatMap((stream) => eventsOf(stream))
        .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && matches(message))
        .sort((a, b) => a.timestamp - b.timestamp);
      const { items, ...next } = page(found, input.nextToken, Math.min(input.limit ?? mostEvents, mostEvents));
      return { events: items, searchedLogStreams: [], ...next };
    },
  } satisfies LogsHandlers;
}

const eventsOf = (stream: LogStream) =>
  stream.slice(0, stream.range().to).map((event, at) => ({
    ...event,
    logStreamName: stream.name,
    eventId: `${event.timestamp}${digits(stream.range().from + at)}`,
  }));

const digits = (position: number): string => String(position).padStart(20, '0');

type Token = { readonly direction: 'forward' | 'backward'; readonly position: number };

function tokenOf(stream: LogStream, token: string | undefined, startFromHead: boolean): Token {
  if (token === undefined)
    return startFromHead
      ? { direction: 'forward', position: 0 }
      : { direction: 'backward', position: stream.range().to };
  const [, letter, position] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  if (position === undefined) throw invalid('The specified nextToken is invalid.');
  return { direction: letter === 'f' ? 'forward' : 'backward', position: Number(position) };
}

/** The range of positions that makes one page; an empty one at the end, so that the token stays the same there. */
function read(stream: LogStream, token: Token, limit: number, within: (event: LogEvent) => boolean) {
  const kept = stream.range();
  const isForward = token.direction === 'forward';
  const events = isForward ? stream.slice(token.position, kept.to) : stream.slice(kept.from, token.position).reverse();
  let taken = 0;
  let bytes = 0;
  let passed = 0;
  for (const event of events) {
    if (within(event)) {
      bytes += Buffer.byteLength(event.message) + 26;
      if (taken === limit || (bytes > mostBytes && taken > 0)) break;
      taken += 1;
    }
    passed += 1;
  }
  const start = isForward ? Math.max(token.position, kept.from) : Math.min(token.position, kept.to);
  return isForward ? { from: start, to: start + passed } : { from: start - passed, to: start };
}
