import type { DescribeAlarmsInput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { isObject, parseJson } from '../json.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import type { AlarmHistory } from './alarm-history.ts';
import { settingsOf } from './alarm-settings.ts';
import { type CloudWatchHandlers, invalid, invalidToken } from './handlers.ts';
import { keyOf } from './metric-store.ts';
import { readDimensions, writeDimensions } from './statistic.ts';

interface Parts {
  readonly book: AlarmBook;
  readonly history: AlarmHistory;
  /** Told of each alarm whose state is to be found anew. */
  readonly look: (alarm: Alarm) => void;
  readonly enter: (alarm: Alarm, state: AlarmState) => void;
}

/** Operations on alarms. */
export const alarmHandlers = (world: World, { book, history, look, enter }: Parts) =>
  ({
    PutMetricAlarm: ({ AlarmName: name, Tags = [], ...input }) => {
      const settings = settingsOf({ AlarmName: name, ...input });
      // An alarm that exists keeps its state, and its tags: AWS has TagResource for them.
      const existing = book.find(name);
      const alarm = existing ?? book.add(name, settings, new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
      alarm.settings = settings;
      alarm.configured = new Date(world.clock.now());
      const type = existing === undefined ? 'created' : 'updated';
      history.add(alarm, 'ConfigurationUpdate', `Alarm "${name}" ${type}`, { version: '1.0', type });
      look(alarm);
      return {};
    },

    DescribeAlarms: (input) => {
      const found = alarmsFor(book, input).map(describe);
      const { page, next } = pageOf(found, input.MaxRecords ?? 50, input.NextToken, invalidToken());
      return { MetricAlarms: page, CompositeAlarms: [], NextToken: next };
    },

    DescribeAlarmsForMetric: ({ Namespace: namespace, MetricName: name, Dimensions, Statistic, Period }) => {
      const alarms = book.watching(keyOf({ namespace, name, dimensions: readDimensions(Dimensions) }));
      const fits = ({ settings: { statistic, period } }: Alarm): boolean =>
        (Statistic ?? statistic) === statistic && (Period ?? period) === period;
      return { MetricAlarms: alarms.filter(fits).map(describe) };
    },

    // Deleting an alarm that is not there succeeds.
    DeleteAlarms: ({ AlarmNames }) => {
      for (const alarm of named(book, AlarmNames)) {
        book.delete(alarm);
        history.add(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" deleted`, { version: '1.0', type: 'Delete' });
      }
      return {};
    },

    SetAlarmState: ({ AlarmName, StateValue: value, StateReason: reason, StateReasonData: reasonData }) => {
      const alarm = book.find(AlarmName);
      if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${AlarmName} does not exist`, 404);
      if (reasonData !== undefined && !isObject(parseJson(reasonData)))
        throw new AwsError('InvalidFormat', 'StateReasonData is not valid JSON');
      if (alarm.state.value !== value) enter(alarm, { value, reason, reasonData, since: new Date(world.clock.now()) });
      // The next look brings the state back that the metric tells.
      look(alarm);
      return {};
    },

    EnableAlarmActions: ({ AlarmNames }) => setActions(named(book, AlarmNames), true),
    DisableAlarmActions: ({ AlarmNames }) => setActions(named(book, AlarmNames), false),

    DescribeAlarmHistory: ({ MaxRecords, NextToken, ...input }) => {
      const { page, next } = pageOf(history.find(input), MaxRecords, NextToken, invalidToken());
      return { AlarmHistoryItems: page, NextToken: next };
    },
  }) satisfies CloudWatchHandlers;

const named = (book: AlarmBook, names: readonly string[]): readonly Alarm[] =>
  names.flatMap((name) => book.find(name) ?? []);

function setActions(alarms: readonly Alarm[], actionsEnabled: boolean) {
  for (const alarm of alarms) alarm.settings = { ...alarm.settings, actionsEnabled };
  return {};
}

function alarmsFor(book: AlarmBook, input: DescribeAlarmsInput): readonly Alarm[] {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], StateValue, ActionPrefix } = input;
  if (AlarmNames !== undefined && AlarmNamePrefix !== undefined)
    throw invalid('AlarmNamePrefix and AlarmNames cannot both be specified');
  // Only composite alarms have children, and there are none.
  const ofComposite = input.ChildrenOfAlarmName ?? input.ParentsOfAlarmName;
  if (ofComposite !== undefined || !AlarmTypes.includes('MetricAlarm')) return [];
  return book
    .all()
    .filter(({ name }) => AlarmNames?.includes(name) ?? name.startsWith(AlarmNamePrefix ?? ''))
    .filter(({ state }) => (StateValue ?? state.value) === state.value)
    .filter(({ settings: { actions } }) => {
      const all = Object.values(actions).flat();
      return ActionPrefix === undefined || all.some((arn) => arn.startsWith(ActionPrefix));
    });
}

function describe({ name, arn, settings, configured, state }: Alarm): MetricAlarm {
  const { metric, actions } = settings;
  return {
    AlarmName: name,
    AlarmArn: arn,
    AlarmDescription: settings.description,
    AlarmConfigurationUpdatedTimestamp: configured,
    ActionsEnabled: settings.actionsEnabled,
    OKActions: [...actions.OK],
    AlarmActions: [...actions.ALARM],
    InsufficientDataActions: [...actions.INSUFFICIENT_DATA],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: state.since,
    StateTransitionedTimestamp: state.since,
    MetricName: metric.name,
    Namespace: metric.namespace,
    Statistic: settings.statistic,
    Dimensions: writeDimensions(metric.dimensions),
    Period: settings.period,
    Unit: settings.unit,
    EvaluationPeriods: settings.evaluationPeriods,
    DatapointsToAlarm: settings.datapointsToAlarm,
    Threshold: settings.threshold,
    ComparisonOperator: settings.comparison,
    TreatMissingData: settings.treatMissingData,
  };
}
