import type { FairsharePolicy, ShareAttributes } from '@aws-sdk/client-batch';
import { clientException, refused } from './errors.ts';
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
    CreateSchedulingPolicy({ name, fairsharePolicy, quotaSharePolicy, tags }) {
      checkName('name', name);
      if (quotaSharePolicy !== undefined) throw refused('the embedded AWS has no quota-share policies');
      const arn = arnOf(state.world, `scheduling-policy/${name}`);
      if (state.policies.has(arn)) throw clientException('Object already exists');
      state.policies.set(arn, { name, arn, fairsharePolicy: checkedPolicy(fairsharePolicy), tags: { ...tags } });
      return { name, arn };
    },
    UpdateSchedulingPolicy({ arn, fairsharePolicy }) {
      existing(arn).fairsharePolicy = checkedPolicy(fairsharePolicy);
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
    DescribeSchedulingPolicies: ({ arns }) => {
      if (arns.length > 100) throw refused('Maximum number of scheduling policies supported is 100');
      return { schedulingPolicies: arns.flatMap((arn) => state.policies.get(arn) ?? []).map((each) => ({ ...each })) };
    },
    ListSchedulingPolicies(input) {
      const { items, nextToken } = page([...state.policies.keys()], input);
      return { schedulingPolicies: items.map((arn) => ({ arn })), nextToken };
    },
  };
}

/** docs.aws.amazon.com/batch/latest/APIReference/API_FairsharePolicy.html */
function checkedPolicy(given: FairsharePolicy = {}): FairsharePolicy {
  const { shareDecaySeconds = 0, computeReservation = 0, shareDistribution = [] } = given;
  if (shareDecaySeconds < 0 || shareDecaySeconds > 604_800)
    throw refused(`shareDecaySeconds must be between 0 and 604800, not ${shareDecaySeconds}`);
  if (computeReservation < 0 || computeReservation > 99)
    throw refused(`computeReservation must be between 0 and 99, not ${computeReservation}`);
  checkShares(shareDistribution);
  return { shareDecaySeconds, computeReservation, shareDistribution };
}

/** docs.aws.amazon.com/batch/latest/APIReference/API_ShareAttributes.html: "the list ... can't overlap". */
function checkShares(shares: readonly ShareAttributes[]): void {
  if (shares.length > 500) throw refused(`shareDistribution takes at most 500 share identifiers, not ${shares.length}`);
  for (const { shareIdentifier = '', weightFactor = 1 } of shares) {
    if (!/^[a-zA-Z0-9]{0,255}\*?$/.test(shareIdentifier) || shareIdentifier === '')
      throw refused(`shareIdentifier ${shareIdentifier} should be alphanumeric, with an optional * at its end`);
    if (weightFactor < 0.0001 || weightFactor > 999.9999)
      throw refused(`weightFactor must be between 0.0001 and 999.9999, not ${weightFactor}`);
  }
  const overlapping = shares.find((one, at) => shares.some((other, index) => index !== at && covers(one, other)));
  if (overlapping !== undefined) throw refused(`shareIdentifier ${overlapping.shareIdentifier} overlaps with another`);
}

const covers = ({ shareIdentifier: one = '' }: ShareAttributes, { shareIdentifier: other = '' }: ShareAttributes) =>
  one.endsWith('*') ? other.startsWith(one.slice(0, -1)) : other === one;
