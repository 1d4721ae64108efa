import { type Aws, forOnePlan } from '../aws/clients.ts';
import { type ResourceSet, resourceSet } from '../reconcile/resource-set.ts';
import { alarmKind } from './alarm.ts';
import { bucketKind } from './bucket.ts';
import { computeEnvironmentKind } from './compute-environment.ts';
import { deadLetterQueueKind } from './dead-letter-queue.ts';
import type { DesiredState } from './desired-state.ts';
import { functionKind } from './function.ts';
import { imageKind } from './image.ts';
import { jobDefinitionKind } from './job-definition.ts';
import { jobQueueKind } from './job-queue.ts';
import { logGroupKind } from './log-group.ts';
import { repositoryKind } from './repository.ts';
import { roleKind } from './role.ts';
import { ruleKind } from './rule.ts';
import { scheduleKind } from './schedule.ts';
import { scheduleGroupKind } from './schedule-group.ts';
import { schedulingPolicyKind } from './scheduling-policy.ts';
import { subscriptionKind } from './subscription.ts';
import { topicKind } from './topic.ts';

/** Every kind there is, each with what is wanted of it, for one plan. Their order says nothing: references do. */
export function resourceSets(clients: Aws, desired: DesiredState): ResourceSet[] {
  const aws = forOnePlan(clients);
  return [
    resourceSet(bucketKind(aws, desired.stateBucket), desired.buckets),
    resourceSet(repositoryKind(aws), desired.repositories),
    resourceSet(imageKind(aws, desired.artifacts.images), desired.images),
    resourceSet(roleKind(aws), desired.roles),
    resourceSet(logGroupKind(aws), desired.logGroups),
    resourceSet(deadLetterQueueKind(aws), desired.deadLetterQueues),
    resourceSet(computeEnvironmentKind(aws, desired.computeEnvironments), desired.computeEnvironments),
    resourceSet(schedulingPolicyKind(aws), desired.schedulingPolicies),
    resourceSet(jobQueueKind(aws), desired.jobQueues),
    resourceSet(jobDefinitionKind(aws, desired.revisionsKept), desired.jobDefinitions),
    resourceSet(functionKind(aws, desired.artifacts.zips), desired.functions),
    resourceSet(topicKind(aws, desired.topics), desired.topics),
    resourceSet(subscriptionKind(aws, desired.ourSubscriptions), desired.subscriptions),
    resourceSet(ruleKind(aws, desired.scheduleGroup, desired.rules), desired.rules),
    resourceSet(scheduleGroupKind(aws), desired.scheduleGroups),
    resourceSet(scheduleKind(aws), desired.schedules),
    resourceSet(alarmKind(aws), desired.alarms),
  ];
}
