import type { Logs, World } from '../../world.ts';
import { eventHandlers } from './event-handlers.ts';
import { groupHandlers, taggedGroups } from './group-handlers.ts';
import { LogStore, type LogsHandlers } from './log-store.ts';
import { streamHandlers } from './stream-handlers.ts';

/** CloudWatch Logs: groups, streams and their latest events, in memory. */
export function createLogs(world: World): { readonly handlers: LogsHandlers; readonly logs: Logs } {
  const store = new LogStore(world);
  taggedGroups(world, store);
  return {
    logs: store,
    handlers: { ...groupHandlers(store), ...streamHandlers(world, store), ...eventHandlers(store) },
  };
}
