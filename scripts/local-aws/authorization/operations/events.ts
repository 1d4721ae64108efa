import type * as Events from '@aws-sdk/client-eventbridge';
import { arnIn, arnOf, creating, type Need, type Needs, passRole, type Site, tagging } from '../need.ts';

/** A rule of another bus than the default one has the bus in its ARN. */
function ruleArn(site: Site, rule: string, bus = 'default'): string {
  const busName = bus.slice(bus.lastIndexOf('/') + 1);
  return arnIn(site, 'events', busName === 'default' ? `rule/${rule}` : `rule/${busName}/${rule}`);
}

const onRule = (action: string, site: Site, rule: string, bus: string | undefined): readonly Need[] => [
  { action: `events:${action}`, resource: ruleArn(site, rule, bus) },
];
const onNamed =
  (action: string) =>
  (
    { Name, EventBusName }: { readonly Name: string; readonly EventBusName?: string | undefined },
    site: Site,
  ): readonly Need[] =>
    onRule(action, site, Name, EventBusName);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const eventsNeeds: Needs<typeof Events> = {
  DeleteRule: onNamed('DeleteRule'),
  DescribeEventBus: ({ Name = 'default' }, site) => [
    { action: 'events:DescribeEventBus', resource: arnOf(site, 'events', 'event-bus/', Name) },
  ],
  DescribeRule: onNamed('DescribeRule'),
  DisableRule: onNamed('DisableRule'),
  EnableRule: onNamed('EnableRule'),
  ListRuleNamesByTarget: (_input, site) => onRule('ListRuleNamesByTarget', site, '*', undefined),
  ListRules: (_input, site) => onRule('ListRules', site, '*', undefined),
  ListTagsForResource: ({ ResourceARN }) => [{ action: 'events:ListTagsForResource', resource: ResourceARN }],
  ListTargetsByRule: ({ Rule, EventBusName }, site) => onRule('ListTargetsByRule', site, Rule, EventBusName),
  PutEvents: ({ Entries }, site) => {
    const buses = new Set(Entries.map(({ EventBusName = 'default' }) => EventBusName));
    return [...buses].map((bus) => ({
      action: 'events:PutEvents',
      resource: arnOf(site, 'events', 'event-bus/', bus),
    }));
  },
  PutRule: ({ Name, EventBusName, RoleArn, Tags }, site) => [
    ...creating('events:PutRule', 'events:TagResource', ruleArn(site, Name, EventBusName), Tags),
    ...passRole(RoleArn, 'events.amazonaws.com'),
  ],
  PutTargets: ({ Rule, EventBusName, Targets }, site) => [
    ...Targets.map(({ Arn = '' }) => ({
      action: 'events:PutTargets',
      resource: ruleArn(site, Rule, EventBusName),
      context: { 'events:TargetArn': Arn },
    })),
    ...Targets.flatMap(({ RoleArn }) => passRole(RoleArn, 'events.amazonaws.com')),
  ],
  RemoveTargets: ({ Rule, EventBusName }, site) => onRule('RemoveTargets', site, Rule, EventBusName),
  TagResource: ({ ResourceARN, Tags }) => tagging('events:TagResource', ResourceARN, Tags),
  // It has no resource-level permission.
  TestEventPattern: () => [{ action: 'events:TestEventPattern', resource: '*' }],
  UntagResource: ({ ResourceARN }) => [{ action: 'events:UntagResource', resource: ResourceARN }],
};
