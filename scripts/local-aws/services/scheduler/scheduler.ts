import type { World } from '../../world.ts';
import { groupHandlers } from './group-handlers.ts';
import type { SchedulerHandlers } from './handlers.ts';
import { Planner } from './planner.ts';
import { ScheduleBook } from './schedule-book.ts';
import { scheduleHandlers } from './schedule-handlers.ts';

export interface SchedulerSettings {
  /** How long a group stays DELETING. */
  readonly settlingMs: number;
}

/** EventBridge Scheduler: recurring and one-time schedules in any time zone, with Lambda, SQS and SNS as targets. */
export function createScheduler(
  world: World,
  { settlingMs = 0 }: Partial<SchedulerSettings> = {},
): { readonly handlers: SchedulerHandlers } {
  const book = new ScheduleBook(world, settlingMs);
  const planner = new Planner(world, book);
  return {
    handlers: {
      ...scheduleHandlers(world, book, (schedule) => planner.plan(schedule)),
      ...groupHandlers(world, book),
    },
  };
}
