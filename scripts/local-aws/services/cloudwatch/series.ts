/** What is kept of a metric: by the minute, and for as long as CloudWatch keeps minutes. Times are in milliseconds. */

export const minute = 60_000;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
const kept = 15 * 1_440 * minute;

export const minuteOf = (time: number): number => Math.floor(time / minute) * minute;

/** What values of some time come to. */
export interface Aggregate {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export const aggregateOf = (value: number, count = 1): Aggregate => ({
  count,
  sum: value * count,
  minimum: value,
  maximum: value,
});

const merge = (one: Aggregate | undefined, other: Aggregate): Aggregate =>
  one === undefined
    ? other
    : {
        count: one.count + other.count,
        sum: one.sum + other.sum,
        minimum: Math.min(one.minimum, other.minimum),
        maximum: Math.max(one.maximum, other.maximum),
      };

/** A metric over time. */
export interface Series {
  /** All values from one whole minute until before another; `undefined` when there are none. */
  between(from: number, to: number): Aggregate | undefined;
  /** The minutes from one on that differ from the one before or the one after. */
  changesSince(from: number): readonly number[];
  /** Whether it goes on between its changes. */
  readonly isContinuous: boolean;
}

interface Entry<Value> {
  /** When it begins. */
  readonly minute: number;
  value: Value;
}

/** The place of the first entry at a minute or later. */
function placeOf(entries: readonly Entry<unknown>[], from: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.minute ?? Number.POSITIVE_INFINITY) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function minutesSince(entries: readonly Entry<unknown>[], from: number): readonly number[] {
  return entries.slice(placeOf(entries, from)).map((entry) => entry.minute);
}

/** Values that came one by one. */
export class Points implements Series {
  readonly isContinuous = false;
  readonly #points: Entry<Aggregate>[] = [];

  add(time: number, aggregate: Aggregate): void {
    const at = minuteOf(time);
    const place = placeOf(this.#points, at);
    const point = this.#points[place];
    if (point?.minute === at) point.value = merge(point.value, aggregate);
    else this.#points.splice(place, 0, { minute: at, value: aggregate });
    this.#points.splice(0, placeOf(this.#points, at - kept));
  }

  between(from: number, to: number): Aggregate | undefined {
    let all: Aggregate | undefined;
    for (const point of this.#points.slice(placeOf(this.#points, from), placeOf(this.#points, to)))
      all = merge(all, point.value);
    return all;
  }

  changesSince(from: number): readonly number[] {
    return minutesSince(this.#points, from);
  }
}

/** A value that stays until there is another: one sample in every minute, that of the minute's end. */
export class Level implements Series {
  readonly isContinuous = true;
  readonly #steps: Entry<number | undefined>[] = [];

  /** Whether this changes anything. */
  set(time: number, value: number | undefined): boolean {
    const at = minuteOf(time);
    const last = this.#steps.at(-1);
    if (last?.value === value) return false;
    if (last?.minute === at) last.value = value;
    else this.#steps.push({ minute: at, value });
    // The last step before that time still holds after it.
    this.#steps.splice(0, Math.max(0, placeOf(this.#steps, at - kept) - 1));
    return true;
  }

  between(from: number, to: number): Aggregate | undefined {
    let all: Aggregate | undefined;
    for (let place = Math.max(0, placeOf(this.#steps, from + 1) - 1); place < this.#steps.length; place += 1) {
      const step = this.#steps[place];
      const next = this.#steps[place + 1]?.minute ?? to;
      const minutes = (Math.min(next, to) - Math.max(step?.minute ?? to, from)) / minute;
      if (minutes > 0 && step?.value !== undefined) all = merge(all, aggregateOf(step.value, minutes));
    }
    return all;
  }

  changesSince(from: number): readonly number[] {
    return minutesSince(this.#steps, from).flatMap((begin) => [begin - minute, begin]);
  }
}
