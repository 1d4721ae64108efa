import type { World } from '../../world.ts';
import { groupHandlers } from './group-handlers.ts';
import type { SchedulerHandlers } from './handlers.ts';
import { Planner } from './planner.ts';
import { ScheduleBook } from './schedule-book.ts';
import { scheduleHandlers } from './schedule-handlers.ts';

/** EventBridge Scheduler: recurring and one-time schedules in any time zone, with Lambda, SQS and SNS as targets. */
export function createScheduler(world: World): { readonly handlers: SchedulerHandlers } {
  const book = new ScheduleBook(world);
  const planner = new Planner(world, book);
  return {
    handlers: {
      ...scheduleHandlers(world, book, (schedule) => planner.plan(schedule)),
      ...groupHandlers(world, book),
    },
  };
}
