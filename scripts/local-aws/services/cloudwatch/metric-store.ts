import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../runtime/clock.ts';
import type { Dimensions, Metrics } from '../../world.ts';
import { type Aggregate, aggregateOf, Level, Points, type Series } from './series.ts';

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

export interface Metric extends MetricId {
  readonly unit: StandardUnit;
  readonly series: Series;
}

/** Metrics are the same whatever the order of their dimensions. */
export const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);

/** The metrics of the account. */
export class MetricStore implements Metrics {
  readonly #clock: Clock;
  readonly #metrics = new Map<string, Metric>();
  /** Told the key of a metric each time that it gets a value. */
  readonly #changed: (key: string) => void;

  constructor(clock: Clock, changed: (key: string) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  all(): readonly Metric[] {
    return [...this.#metrics].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, metric]) => metric);
  }

  find(id: MetricId): Metric | undefined {
    return this.#metrics.get(keyOf(id));
  }

  count(namespace: string, name: string, dimensions: Dimensions, value = 1): void {
    this.add({ namespace, name, dimensions }, 'Count', this.#clock.now(), [aggregateOf(value)]);
  }

  level(namespace: string, name: string, dimensions: Dimensions, value: number | undefined): void {
    const id = { namespace, name, dimensions };
    const key = keyOf(id);
    const series = this.#metrics.get(key)?.series ?? new Level();
    if (!(series instanceof Level)) throw new Error(`reporting the level of ${key}: values were counted of it before`);
    this.#metrics.set(key, { ...id, unit: 'Count', series });
    if (series.set(this.#clock.now(), value)) this.#changed(key);
  }

  add(id: MetricId, unit: StandardUnit, time: number, aggregates: readonly Aggregate[]): void {
    const key = keyOf(id);
    const series = this.#metrics.get(key)?.series ?? new Points();
    if (!(series instanceof Points)) throw new Error(`counting ${key}: levels were reported of it before`);
    this.#metrics.set(key, { ...id, unit, series });
    for (const aggregate of aggregates) series.add(time, aggregate);
    this.#changed(key);
  }
}
