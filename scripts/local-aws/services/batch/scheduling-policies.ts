import type { FairsharePolicy } from '@aws-sdk/client-batch';
import { clientException } from './errors.ts';
import { checkName } from './names.ts';
import { page } from './paging.ts';
import { arnOf, type BatchHandlers, type BatchState, type SchedulingPolicy } from './state.ts';

/**
 * Scheduling policies are kept and shown, and queues refer to them; the embedded scheduler does not share fairly: it runs
 * each queue in order of submission.
 */
export function schedulingPolicyHandlers(state: BatchState): BatchHandlers {
  const existing = (arn: string): SchedulingPolicy => {
    const found = state.policies.get(arn);
    if (found === undefined) throw clientException(`${arn} does not exist`);
    return found;
  };
  return {
    CreateSchedulingPolicy({ name, fairsharePolicy, tags }) {
      checkName('name', name);
      const arn = arnOf(state.world, `scheduling-policy/${name}`);
      if (state.policies.has(arn)) throw clientException('Object already exists');
      state.policies.set(arn, { name, arn, fairsharePolicy: withDefaults(fairsharePolicy), tags: { ...tags } });
      return { name, arn };
    },
    UpdateSchedulingPolicy({ arn, fairsharePolicy }) {
      existing(arn).fairsharePolicy = withDefaults(fairsharePolicy);
      return {};
    },
    DeleteSchedulingPolicy({ arn }) {
      existing(arn);
      const inUse = [...state.queues.values()].some(
        (queue) => queue.status !== 'DELETED' && queue.schedulingPolicyArn === arn,
      );
      if (inUse) throw clientException('Cannot delete, found existing JobQueue relationship');
      state.policies.delete(arn);
      return {};
    },
    DescribeSchedulingPolicies: ({ arns }) => ({
      schedulingPolicies: arns.flatMap((arn) => {
        const found = state.policies.get(arn);
        return found === undefined ? [] : [{ ...found }];
      }),
    }),
    ListSchedulingPolicies(input) {
      const { items, nextToken } = page([...state.policies.keys()], input);
      return { schedulingPolicies: items.map((arn) => ({ arn })), nextToken };
    },
  };
}

const withDefaults = (policy: FairsharePolicy | undefined): FairsharePolicy => ({
  shareDecaySeconds: 0,
  computeReservation: 0,
  shareDistribution: [],
  ...policy,
});
