import { randomBytes } from 'node:crypto';
import type { World } from '../../world.ts';
import { deliver } from './delivery.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleBook } from './schedule-book.ts';
import { nextInvocation } from './times.ts';

/** Invokes the targets of schedules at their times. */
export class Planner {
  readonly #world: World;
  readonly #book: ScheduleBook;

  constructor(world: World, book: ScheduleBook) {
    this.#world = world;
    this.#book = book;
    world.onStop.push(async () => {
      for (const schedule of book.schedules(undefined)) schedule.timer?.cancel();
    });
  }

  /** Plans the next invocation of a schedule that was created or changed. A new rate begins at once. */
  plan(schedule: Schedule): void {
    const now = this.#world.clock.now();
    const isNewRate = schedule.settings.times.kind === 'rate' && schedule.since === now;
    this.#planAfter(schedule, isNewRate ? now - 1 : now);
  }

  /** Sets the timer of the next invocation strictly after a time, in place of any other. */
  #planAfter(schedule: Schedule, after: number): void {
    schedule.timer?.cancel();
    schedule.timer = undefined;
    if (schedule.settings.state === 'DISABLED') return;
    const next = nextInvocation(schedule, after);
    if (next === undefined) return;
    schedule.timer = this.#world.clock.at(next, () => {
      this.#planAfter(schedule, next);
      this.#invoke(schedule, next);
    });
  }

  #invoke(schedule: Schedule, scheduled: number): void {
    const { target } = schedule.settings;
    const id = randomBytes(8).toString('hex');
    deliver(this.#world, { schedule, target, id, scheduled, attempt: 1 }, () => this.#complete(schedule));
  }

  /** A schedule whose last invocation is over stays as it is, or goes if it shall. */
  #complete(schedule: Schedule): void {
    const { actionAfterCompletion, state } = schedule.settings;
    const isOver = schedule.timer === undefined && state === 'ENABLED';
    if (isOver && actionAfterCompletion === 'DELETE') this.#book.delete(schedule);
  }
}
