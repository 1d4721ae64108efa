import type { AlarmHistoryItem, DescribeAlarmHistoryInput, HistoryItemType } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../runtime/clock.ts';
import type { Alarm } from './alarm.ts';

/** "CloudWatch preserves alarm history for 30 days." */
const keptFor = 30 * 86_400_000;

/** What happened to alarms, also to those that are gone. */
export class AlarmHistory {
  readonly #clock: Clock;
  #items: (AlarmHistoryItem & { readonly Timestamp: Date })[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ name }: Alarm, type: HistoryItemType, summary: string, data: object): void {
    const now = this.#clock.now();
    this.#items = this.#items.filter(({ Timestamp }) => Timestamp.getTime() > now - keptFor);
    this.#items.push({
      AlarmName: name,
      AlarmType: 'MetricAlarm',
      Timestamp: new Date(now),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify(data),
    });
  }

  /** The newest first, if not told otherwise. */
  find(input: Pick<DescribeAlarmHistoryInput, 'AlarmName' | 'HistoryItemType' | 'StartDate' | 'EndDate' | 'ScanBy'>) {
    const { AlarmName, HistoryItemType: type, StartDate = new Date(0), EndDate, ScanBy } = input;
    const found = this.#items.filter(
      (item) =>
        (AlarmName ?? item.AlarmName) === item.AlarmName &&
        (type ?? item.HistoryItemType) === item.HistoryItemType &&
        item.Timestamp >= StartDate &&
        item.Timestamp <= (EndDate ?? item.Timestamp),
    );
    return ScanBy === 'TimestampAscending' ? found : found.reverse();
  }
}
