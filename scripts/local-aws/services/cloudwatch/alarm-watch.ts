import type { Timer } from '../../runtime/clock.ts';
import type { World } from '../../world.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import { evidenceAt, judge, nextEvaluation, paceOf } from './evaluation.ts';
import type { MetricStore } from './metric-store.ts';
import { reasonDataOf, reasonOf } from './reason.ts';

interface Look {
  readonly alarms: Set<Alarm>;
  readonly timer: Timer;
}

/**
 * Keeps the states of alarms. AWS looks at each again and again; here it is looked at only when its state can have
 * changed, so that days of a driven clock cost next to nothing.
 */
export class AlarmWatch {
  readonly #world: World;
  readonly #book: AlarmBook;
  readonly #store: MetricStore;
  readonly #enter: (alarm: Alarm, state: AlarmState) => void;
  /** By their times. */
  readonly #looks = new Map<number, Look>();

  constructor(world: World, book: AlarmBook, store: MetricStore, enter: (alarm: Alarm, state: AlarmState) => void) {
    this.#world = world;
    this.#book = book;
    this.#store = store;
    this.#enter = enter;
    world.onStop.push(async () => {
      for (const { timer } of this.#looks.values()) timer.cancel();
    });
  }

  metricChanged(metricKey: string): void {
    for (const alarm of this.#book.watching(metricKey)) this.lookSoon(alarm);
  }

  /** Looks at an alarm as soon as AWS would: when the values of this minute, or this hour, are complete. */
  lookSoon(alarm: Alarm): void {
    const pace = paceOf(alarm.settings);
    this.#lookAt(alarm, (Math.floor(this.#world.clock.now() / pace) + 1) * pace);
  }

  #lookAt(alarm: Alarm, time: number): void {
    if (alarm.due !== undefined && alarm.due <= time) return;
    alarm.due = time;
    const look = this.#looks.get(time) ?? this.#newLook(time);
    look.alarms.add(alarm);
  }

  /** One timer serves all alarms that are due at a time. */
  #newLook(time: number): Look {
    const alarms = new Set<Alarm>();
    const timer = this.#world.clock.at(time, () => {
      this.#looks.delete(time);
      // Those that are gone, or were looked at before, are not due any more.
      for (const alarm of alarms) if (alarm.due === time) this.#look(alarm, time);
    });
    const look = { alarms, timer };
    this.#looks.set(time, look);
    return look;
  }

  #look(alarm: Alarm, time: number): void {
    alarm.due = undefined;
    const { settings } = alarm;
    const series = this.#store.find(settings.metric)?.series;
    const evidence = evidenceAt(time, settings, series);
    const value = judge(settings, evidence);
    if (value !== undefined && value !== alarm.state.value)
      this.#enter(alarm, {
        value,
        reason: reasonOf(value, settings, evidence),
        reasonData: reasonDataOf(time, settings, evidence),
        since: new Date(this.#world.clock.now()),
      });
    const next = nextEvaluation(time, settings, series);
    if (next !== undefined) this.#lookAt(alarm, next);
  }
}
