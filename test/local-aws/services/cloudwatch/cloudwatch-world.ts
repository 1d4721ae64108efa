import type { TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-cloudwatch';
import { cloudwatchLimits } from '../../../../scripts/local-aws/limits/cloudwatch.ts';
import { createCloudWatch } from '../../../../scripts/local-aws/services/cloudwatch/cloudwatch.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import type { Events } from '../../../../scripts/local-aws/world.ts';
import { localWorld } from '../../../support/local-world.ts';

export const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts';
export const minute = 60_000;

interface Notification {
  readonly to: string;
  readonly message: string;
  readonly subject: string | undefined;
  readonly at: number;
}

/** CloudWatch with a recording topic and bus; topics named `gone` do not exist. */
export async function startCloudWatch(context: TestContext) {
  const notified: Notification[] = [];
  const events: Parameters<Events['put']>[0][] = [];
  const world = localWorld(context, {
    topics: {
      publish: (to, message, _publisher, subject) => {
        if (to.endsWith(':gone')) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
        notified.push({ to, message, subject, at: world.clock.now() });
      },
    },
    events: { put: (event) => void events.push(event) },
  });
  const { handlers, metrics } = createCloudWatch(world);
  const settings = await world.serve({
    monitoring: async () => defineService(sdk, sdk.CloudWatchClient)(handlers, cloudwatchLimits),
  });
  const cloudwatch = new sdk.CloudWatch(settings);
  context.after(() => cloudwatch.destroy());
  return {
    ...{ world, cloudwatch, metrics, notified, events },
    state: async (name = 'errors') => {
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [name] });
      return MetricAlarms[0]?.StateValue;
    },
  };
}

/** An alarm on the errors of a function that differs from the plainest one in what it is given. */
export const alarmOf = (more: Partial<sdk.PutMetricAlarmCommandInput> = {}) => ({
  AlarmName: 'errors',
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'topic-to-batch' }],
  Statistic: 'Sum' as const,
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold' as const,
  TreatMissingData: 'notBreaching',
  AlarmActions: [topic],
  OKActions: [topic],
  ...more,
});
