import type { World } from '../../world.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import { evidenceAt, judge, nextEvaluation } from './evaluation.ts';
import type { MetricStore } from './metric-store.ts';
import { reasonDataOf, reasonOf } from './reason.ts';
import { minute, minuteOf } from './series.ts';

/**
 * Keeps the states of alarms. AWS looks at each once a minute; here only those minutes are taken in which its state can
 * change, so that days of a driven clock cost next to nothing.
 */
export class AlarmWatch {
  readonly #world: World;
  readonly #book: AlarmBook;
  readonly #store: MetricStore;
  readonly #enter: (alarm: Alarm, state: AlarmState) => void;

  constructor(world: World, book: AlarmBook, store: MetricStore, enter: (alarm: Alarm, state: AlarmState) => void) {
    this.#world = world;
    this.#book = book;
    this.#store = store;
    this.#enter = enter;
  }

  metricChanged(metricKey: string): void {
    for (const alarm of this.#book.watching(metricKey)) this.lookSoon(alarm);
  }

  /** Evaluates an alarm at the next whole minute, when this one's values are complete. */
  lookSoon(alarm: Alarm): void {
    this.#lookAt(alarm, minuteOf(this.#world.clock.now()) + minute);
  }

  #lookAt(alarm: Alarm, time: number): void {
    if (alarm.due !== undefined && alarm.due.time <= time) return;
    alarm.due?.timer.cancel();
    const timer = this.#world.clock.at(time, () => {
      alarm.due = undefined;
      this.#look(alarm, time);
    });
    alarm.due = { time, timer };
  }

  #look(alarm: Alarm, time: number): void {
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
