import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import type { AlarmHistory } from './alarm-history.ts';
import { messageOf, subjectOf } from './notification.ts';
import { timestamp } from './reason.ts';

/** Brings an alarm into another state, and tells everybody. */
export function enterState(world: World, history: AlarmHistory, alarm: Alarm, state: AlarmState): void {
  const before = alarm.state;
  alarm.state = state;
  history.add(alarm, 'StateUpdate', `Alarm updated from ${before.value} to ${state.value}`, {
    version: '1.0',
    oldState: { stateValue: before.value, stateReason: before.reason },
    newState: { stateValue: state.value, stateReason: state.reason },
  });
  world.ports.events.put(changeEvent(alarm, before));
  if (alarm.settings.actionsEnabled)
    for (const topicArn of alarm.settings.actions[state.value]) act(world, history, alarm, before, topicArn);
}

function act(world: World, history: AlarmHistory, alarm: Alarm, before: AlarmState, topicArn: string): void {
  const publisher = { type: 'service', service: 'cloudwatch.amazonaws.com', arn: alarm.arn } as const;
  const data = { actionState: 'Succeeded', notificationResource: topicArn };
  try {
    world.ports.topics.publish(topicArn, messageOf(world, alarm, before), publisher, subjectOf(world, alarm));
    history.add(alarm, 'Action', `Successfully executed action ${topicArn}`, data);
  } catch (error) {
    // A topic that is gone or does not let CloudWatch in costs the notification; AWS only notes it.
    if (!(error instanceof AwsError)) throw error;
    const failure = { ...data, actionState: 'Failed', error: error.message };
    history.add(alarm, 'Action', `Failed to execute action ${topicArn}`, failure);
  }
}

const stateDetail = ({ value, reason, reasonData, since }: AlarmState) => ({
  value,
  reason,
  ...(reasonData !== undefined && { reasonData }),
  timestamp: timestamp(since.getTime()),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function changeEvent({ name, arn, settings, state }: Alarm, before: AlarmState) {
  const { metric, period, statistic, description } = settings;
  const { namespace, name: metricName, dimensions } = metric;
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [arn],
    detail: {
      alarmName: name,
      state: stateDetail(state),
      previousState: stateDetail(before),
      configuration: {
        ...(description !== undefined && { description }),
        metrics: [
          {
            id: createHash('sha256').update(arn).digest('hex').slice(0, 32),
            metricStat: { metric: { namespace, name: metricName, dimensions }, period, stat: statistic },
            returnData: true,
          },
        ],
      },
    },
  };
}
