import { taggedBy, type World } from '../../world.ts';
import type { Alarm, AlarmSettings } from './alarm.ts';
import { keyOf } from './metric-store.ts';

/** The metric alarms of the account. */
export class AlarmBook {
  readonly #world: World;
  readonly #alarms = new Map<string, Alarm>();

  constructor(world: World) {
    this.#world = world;
    world.tagged.push(() => this.all().map(({ arn, tags }) => taggedBy(arn, tags)));
  }

  all(): readonly Alarm[] {
    return [...this.#alarms.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  find(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  byArn(arn: string): Alarm | undefined {
    return this.all().find((alarm) => alarm.arn === arn);
  }

  /** Those on a metric. */
  watching(metricKey: string): readonly Alarm[] {
    return [...this.#alarms.values()].filter(({ settings }) => keyOf(settings.metric) === metricKey);
  }

  add(name: string, settings: AlarmSettings, tags: Map<string, string>): Alarm {
    const { partition, region, account, clock } = this.#world;
    const now = new Date(clock.now());
    const alarm: Alarm = {
      name,
      arn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
      tags,
      settings,
      configured: now,
      state: {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        reasonData: undefined,
        since: now,
      },
      due: undefined,
    };
    this.#alarms.set(name, alarm);
    return alarm;
  }

  delete(alarm: Alarm): void {
    alarm.due = undefined;
    this.#alarms.delete(alarm.name);
  }
}
