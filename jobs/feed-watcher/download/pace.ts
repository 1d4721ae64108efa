import { JobError } from '../../process/job-error.ts';
import { type FeedExchange, shownUrl } from './feed-exchange.ts';

/** The server keeps the job waiting for longer than it may. Another request would be no better. */
class TooSlow extends JobError {
  override name = 'TooSlow';
}

/** How fast a body comes while it is waited for. */
export class Pace {
  readonly #exchange: FeedExchange;
  #since = 0;
  #waited = 0;
  #bytes = 0;

  constructor(exchange: FeedExchange) {
    this.#exchange = exchange;
  }

  /** Tells `late` when nothing comes for too long. */
  startWaiting(late: (error: Error) => void): NodeJS.Timeout {
    const { left, patience } = this.#exchange;
    this.#since = performance.now();
    return left < patience.silence
      ? setTimeout(() => late(this.#tooSlow(`it was not all there after ${patience.total / 1_000} s`)), left)
      : setTimeout(() => late(new Error(`nothing came for ${patience.silence / 1_000} s`)), patience.silence);
  }

  /** Throws TooSlow when too little comes. */
  came(bytes: number): void {
    const { window, leastRate } = this.#exchange.patience;
    this.#waited += performance.now() - this.#since;
    this.#bytes += bytes;
    if (this.#waited < window) return;
    const rate = Math.round((this.#bytes / this.#waited) * 1_000);
    if (rate < leastRate)
      throw this.#tooSlow(`only ${rate} bytes a second come, and less than ${leastRate} are not waited for`);
    this.#waited = 0;
    this.#bytes = 0;
  }

  #tooSlow(reason: string): TooSlow {
    return new TooSlow(`fetching ${shownUrl(this.#exchange.url)}: ${reason}`);
  }
}
