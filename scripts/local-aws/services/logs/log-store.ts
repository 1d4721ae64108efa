import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';
import type { Caller, Logs, World } from '../../world.ts';
import { LogGroup, LogStream } from './log-group.ts';

export type LogsHandlers = Handlers<typeof import('@aws-sdk/client-cloudwatch-logs')>;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message, 400);

const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`, 400);
const exists = (what: string): AwsError =>
  new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`, 400);

export class LogStore implements Logs {
  readonly #world: World;
  readonly #groups = new Map<string, LogGroup>();

  constructor(world: World) {
    this.#world = world;
  }

  create(name: string, tags: Readonly<Record<string, string>> = {}): LogGroup {
    if (this.#groups.has(name)) throw exists('log group');
    const group = new LogGroup(this.#world, name, tags);
    this.#groups.set(name, group);
    return group;
  }

  createStream(group: LogGroup, name: string): LogStream {
    if (group.streams.has(name)) throw exists('log stream');
    const stream = new LogStream(name, this.#world.clock.now());
    group.add(stream);
    return stream;
  }

  delete(name: string): void {
    if (!this.#groups.delete(name)) throw notFound('log group');
  }

  all(): LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By name, or by ARN with or without `:*` at its end. */
  group(reference: string | undefined): LogGroup {
    const [, name = reference ?? ''] = /^arn:.+?:log-group:([^:]+)(?::\*)?$/.exec(reference ?? '') ?? [];
    const group = this.#groups.get(name);
    if (group === undefined) throw notFound('log group');
    return group;
  }

  stream(group: LogGroup, name: string): LogStream {
    const stream = group.streams.get(name);
    if (stream === undefined) throw notFound('log stream');
    return stream;
  }

  append(
    groupName: string,
    streamName: string,
    events: readonly { readonly timestamp: number; readonly message: string }[],
    writer?: Caller,
  ): void {
    if (writer !== undefined) this.#requireWriting(writer, groupName, streamName);
    const group = this.#groups.get(groupName) ?? this.create(groupName);
    const stream = group.streams.get(streamName) ?? this.createStream(group, streamName);
    const ingestionTime = this.#world.clock.now();
    for (const { timestamp, message } of events) stream.append({ timestamp, message, ingestionTime });
  }

  /** Writing is three actions, of which those count that are needed. */
  #requireWriting(writer: Caller, groupName: string, streamName: string): void {
    const { partition, region, account, ports } = this.#world;
    const group = this.#groups.get(groupName);
    const require = (action: string, stream: string): void =>
      ports.authority.require(
        writer,
        `logs:${action}`,
        `arn:${partition}:logs:${region}:${account}:log-group:${groupName}:log-stream:${stream}`,
      );
    if (group === undefined) require('CreateLogGroup', '');
    if (group?.streams.has(streamName) !== true) require('CreateLogStream', streamName);
    require('PutLogEvents', streamName);
  }
}

/** One page of a list; the token is the position that the next one begins at. */
export function page<T>(items: readonly T[], token: string | undefined, limit: number) {
  const from = Number(token ?? 0);
  if (!Number.isInteger(from) || from < 0) throw invalid('The specified nextToken is invalid.');
  const until = from + limit;
  return { items: items.slice(from, until), ...(until < items.length && { nextToken: String(until) }) };
}
