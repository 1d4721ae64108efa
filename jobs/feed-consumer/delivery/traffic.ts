import type { Log } from '../../process/log.ts';

/** Milliseconds between two events about trouble: a destination that is down for an hour makes 120 of them, whatever the feed's size. */
const interval = 30_000;

/** What sending took, counted and now and then told, instead of a line for each request. */
export class Traffic {
  readonly #log: Log;
  readonly #id: string;
  readonly #retries = new Map<string, number>();
  #requests = 0;
  #bytes = 0;
  #halved = 0;
  #waited = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(id: string, log: Log) {
    this.#id = id;
    this.#log = log;
  }

  sent(bytes: number): void {
    this.#requests++;
    this.#bytes += bytes;
  }

  /** A request is to be repeated after a wait of so many milliseconds. */
  retried(cause: string, reason: string, milliseconds: number): void {
    this.#retries.set(cause, (this.#retries.get(cause) ?? 0) + 1);
    this.#waited += milliseconds;
    this.#tell(reason);
  }

  halved(reason: string): void {
    this.#halved++;
    this.#tell(reason);
  }

  /** Bytes are those of JSON, repetitions included; `waited` is summed over requests that waited at the same time. */
  get totals(): Readonly<Record<string, unknown>> {
    return {
      requests: this.#requests,
      bytes: this.#bytes,
      ...(this.#retries.size > 0 && { retries: Object.fromEntries(this.#retries), waitedMilliseconds: this.#waited }),
      ...(this.#halved > 0 && { halved: this.#halved }),
    };
  }

  #tell(latest: string): void {
    const now = performance.now();
    if (now - this.#toldAt < interval) return;
    this.#toldAt = now;
    this.#log('destination trouble', { id: this.#id, ...this.totals, latest });
  }
}
