import type { Events, World } from '../../world.ts';
import { Bus } from './bus.ts';
import type { EventsHandlers } from './handlers.ts';
import { eventHandlers } from './put-events.ts';
import { RuleBook } from './rule-book.ts';
import { ruleHandlers } from './rules.ts';
import { tagHandlers } from './tags.ts';
import { targetHandlers } from './targets.ts';

/** Amazon EventBridge: schedules and event patterns on the default event bus, and their targets. */
export function createEvents(world: World): { readonly handlers: EventsHandlers; readonly events: Events } {
  const book = new RuleBook(world);
  const bus = new Bus(world, book);
  return {
    handlers: {
      ...ruleHandlers(book, (rule) => bus.plan(rule)),
      ...targetHandlers(book),
      ...tagHandlers(book),
      ...eventHandlers(book, bus),
    },
    events: bus,
  };
}
