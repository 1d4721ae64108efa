/** Where the milliseconds come from: a test has its own. */
export interface Timer {
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
}

/** How fast requests leave for one service. */
export interface SendRate {
  /** Resolves when the next request may leave. */
  turn(): Promise<void>;
  /** A request was taken. */
  taken(): void;
  /** A request was refused because there were too many. */
  throttled(): void;
}

/** Requests a second; what AWS allows of anything is about this or more, and who still is refused waits longer each time. */
export const slowest = 10;

/** With these two, the rate stays where about one request in six is refused; one here or there slows nothing down. */
const afterRefusal = 0.9;
const afterSuccess = 1.02;

/** Milliseconds: a rate is not measured over less, and not over more than a second. */
const shortest = 200;
const longest = 1_000;

/**
 * Nothing is held back until the service throttles. From then on requests leave as fast as it takes them: each refusal
 * slows down, each success speeds up again. (The SDK's own `adaptive` mode sends one request in two seconds after a
 * refusal in its first half second, which is when a plan asks most, and takes seconds to recover.)
 */
export function sendRate({ now, wait }: Timer, least = slowest): SendRate {
  let rate = Infinity;
  let next = 0;
  const sent: number[] = [];
  const measured = (): number => {
    const [first = now()] = sent;
    return (sent.length * 1_000) / Math.max(now() - first, shortest);
  };
  return {
    turn: async () => {
      const begun = now();
      const leaves = Math.max(next, begun);
      next = leaves + 1_000 / rate;
      if (leaves > begun) await wait(leaves - begun);
      const left = now();
      const old = sent.findIndex((at) => at > left - longest);
      sent.splice(0, old < 0 ? sent.length : old);
      sent.push(left);
    },
    taken: () => {
      rate *= afterSuccess;
    },
    throttled: () => {
      rate = Math.max(Math.min(rate, measured()) * afterRefusal, least);
    },
  };
}
