import type { World } from '../../world.ts';

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
}

/** Events that a stream keeps, and the characters of their messages; the oldest go first. A run is short, memory is not free. */
const mostEvents = 20_000;
const mostCharacters = 16 * 1024 * 1024;

/** Characters that a group keeps when a stream is added to it: a schedule that runs for weeks adds one after the other. */
const mostOfGroup = 64 * 1024 * 1024;

/** One stream's events in the order of their time. Positions count from the stream's beginning and outlive what is dropped. */
export class LogStream {
  readonly name: string;
  readonly createdAt: number;
  #events: LogEvent[] = [];
  #dropped = 0;
  #characters = 0;

  constructor(name: string, createdAt: number) {
    this.name = name;
    this.createdAt = createdAt;
  }

  append(event: LogEvent): void {
    // Nearly always at the end; a late one goes behind its equals.
    const at = this.#events.findLastIndex((each) => each.timestamp <= event.timestamp);
    this.#events.splice(at + 1, 0, event);
    this.#characters += event.message.length;
    while (this.#events.length > mostEvents || this.#characters > mostCharacters) {
      this.#characters -= this.#events.shift()?.message.length ?? 0;
      this.#dropped += 1;
    }
  }

  /** Drops what it has, as an expired retention does: the stream itself stays. */
  clear(): void {
    this.#dropped += this.#events.length;
    this.#events = [];
    this.#characters = 0;
  }

  /** The first position that is kept, and the one after the last. */
  range(): { readonly from: number; readonly to: number } {
    return { from: this.#dropped, to: this.#dropped + this.#events.length };
  }

  slice(from: number, to: number): LogEvent[] {
    return this.#events.slice(Math.max(from - this.#dropped, 0), Math.max(to - this.#dropped, 0));
  }

  first(): LogEvent | undefined {
    return this.#events[0];
  }

  last(): LogEvent | undefined {
    return this.#events.at(-1);
  }

  get characters(): number {
    return this.#characters;
  }
}

export class LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly streams = new Map<string, LogStream>();
  retentionInDays: number | undefined;

  constructor(world: World, name: string, tags: Readonly<Record<string, string>>) {
    this.name = name;
    this.arn = `arn:${world.partition}:logs:${world.region}:${world.account}:log-group:${name}`;
    this.createdAt = world.clock.now();
    this.tags = new Map(Object.entries(tags));
  }

  /** Adds a stream, and empties the oldest ones when all together have become too large. */
  add(stream: LogStream): void {
    let excess = this.storedBytes() - mostOfGroup;
    for (const each of this.streams.values()) {
      if (excess <= 0) break;
      excess -= each.characters;
      each.clear();
    }
    this.streams.set(stream.name, stream);
  }

  streamArn(stream: LogStream): string {
    return `${this.arn}:log-stream:${stream.name}`;
  }

  storedBytes(): number {
    return [...this.streams.values()].reduce((sum, { characters }) => sum + characters, 0);
  }
}
