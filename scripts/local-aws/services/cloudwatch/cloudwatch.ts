import type { Metrics, World } from '../../world.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import { AlarmBook } from './alarm-book.ts';
import { alarmHandlers } from './alarm-handlers.ts';
import { AlarmHistory } from './alarm-history.ts';
import { AlarmWatch } from './alarm-watch.ts';
import type { CloudWatchHandlers } from './handlers.ts';
import { metricDataHandlers } from './metric-data.ts';
import { metricQueryHandlers } from './metric-queries.ts';
import { MetricStore } from './metric-store.ts';
import { tagHandlers } from './tags.ts';
import { enterState } from './transition.ts';

/** CloudWatch: metrics by the minute, those of the services here and one's own, and alarms on them that tell topics. */
export function createCloudWatch(world: World): { readonly handlers: CloudWatchHandlers; readonly metrics: Metrics } {
  const book = new AlarmBook(world);
  const history = new AlarmHistory(world.clock);
  const enter = (alarm: Alarm, state: AlarmState): void => enterState(world, history, alarm, state);
  const store = new MetricStore(world.clock, (key) => watch.metricChanged(key));
  const watch = new AlarmWatch(world, book, store, enter);
  return {
    handlers: {
      ...alarmHandlers(world, { book, history, enter, look: (alarm) => watch.lookSoon(alarm) }),
      ...tagHandlers(book),
      ...metricDataHandlers(world, store),
      ...metricQueryHandlers(world, store),
    },
    metrics: store,
  };
}
