import { parseFeedMessage, type SnapshotMessage } from '../../jobs/messages/feed-message.ts';
import { type FeedState, parseFeedState } from '../../jobs/messages/feed-state.ts';
import { type FeedServer, startFeedServer } from '../../scripts/local/feed-server.ts';
import { type RunEnd, runWatcher } from './job-runs.ts';
import type { JobWorld } from './job-world.ts';

type Variables = Readonly<Record<string, string>>;

/** One feed on a server of its own, and a watcher that looks at it. */
export class WatchedFeed implements AsyncDisposable {
  readonly #world: JobWorld;
  readonly #server: FeedServer;
  readonly type: string;
  readonly #settings: object;
  #looks = 0;

  private constructor(world: JobWorld, server: FeedServer, type: string, settings: object) {
    this.#world = world;
    this.#server = server;
    this.type = type;
    this.#settings = settings;
  }

  static async start(world: JobWorld, type: string, settings: object = {}): Promise<WatchedFeed> {
    return new WatchedFeed(world, await startFeedServer(), type, settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  /** Publishes a version of the feed and lets the watcher look at it. */
  async publish(version: string | Uint8Array, more: Variables = {}): Promise<RunEnd> {
    this.serve(version);
    return await this.look(more);
  }

  serve(version: string | Uint8Array): void {
    this.#server.serve(Buffer.from(version));
  }

  /** Each look is another job. */
  async look(more: Variables = {}): Promise<RunEnd> {
    return await runWatcher(this.#world, { ...this.variables(`job-${++this.#looks}`), ...more });
  }

  variables(job: string): Variables {
    return {
      FEED_URL: this.#server.url,
      FEED_TYPE: this.type,
      JOB_XML_TAG: 'job',
      FEED_SETTINGS: JSON.stringify(this.#settings),
      AWS_BATCH_JOB_ID: job,
    };
  }

  async state(): Promise<FeedState> {
    return parseFeedState(String(await this.#world.get(`state/${this.type}.json`)));
  }

  /** The messages about this feed, in order. */
  get messages(): readonly SnapshotMessage[] {
    return this.#world.topic.published
      .map(parseFeedMessage)
      .flatMap((message) => (message.version === 1 && message.type === this.type ? [message] : []));
  }

  /** The message that was published last. */
  get latest(): SnapshotMessage {
    const message = this.messages.at(-1);
    if (message === undefined) throw new Error(`nothing was published about ${this.type}`);
    return message;
  }
}
