import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { arnIn, creating, type Need, type Needs, type Site, tagging } from '../need.ts';

/** Metrics have no resource-level permissions. */
const anywhere = (action: string) => (): readonly Need[] => [{ action: `cloudwatch:${action}`, resource: '*' }];

const alarmArn = (site: Site, name: string): string => arnIn(site, 'cloudwatch', `alarm:${name}`);
const onAlarms =
  (action: string) =>
  ({ AlarmNames = ['*'] }: { readonly AlarmNames?: readonly string[] | undefined }, site: Site): readonly Need[] =>
    AlarmNames.map((name) => ({ action: `cloudwatch:${action}`, resource: alarmArn(site, name) }));

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudWatchNeeds: Needs<typeof CloudWatch> = {
  DeleteAlarms: onAlarms('DeleteAlarms'),
  DescribeAlarmHistory: ({ AlarmName }, site) =>
    onAlarms('DescribeAlarmHistory')({ AlarmNames: AlarmName === undefined ? undefined : [AlarmName] }, site),
  DescribeAlarms: onAlarms('DescribeAlarms'),
  DescribeAlarmsForMetric: anywhere('DescribeAlarmsForMetric'),
  DisableAlarmActions: onAlarms('DisableAlarmActions'),
  EnableAlarmActions: onAlarms('EnableAlarmActions'),
  GetMetricData: anywhere('GetMetricData'),
  GetMetricStatistics: anywhere('GetMetricStatistics'),
  ListMetrics: anywhere('ListMetrics'),
  ListTagsForResource: ({ ResourceARN }) => [{ action: 'cloudwatch:ListTagsForResource', resource: ResourceARN }],
  PutMetricAlarm: ({ AlarmName, Tags }, site) =>
    creating('cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource', alarmArn(site, AlarmName), Tags),
  PutMetricData: ({ Namespace }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
  ],
  SetAlarmState: ({ AlarmName }, site) => onAlarms('SetAlarmState')({ AlarmNames: [AlarmName] }, site),
  TagResource: ({ ResourceARN, Tags }) => tagging('cloudwatch:TagResource', ResourceARN, Tags),
  UntagResource: ({ ResourceARN }) => [{ action: 'cloudwatch:UntagResource', resource: ResourceARN }],
};
