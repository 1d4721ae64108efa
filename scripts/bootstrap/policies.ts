import type { GithubRole } from '../config/names.ts';
import { type Policy, policy } from '../kinds/policy.ts';
import { applyCalls, type Calls, operateCalls, planCalls, seldomCalls } from './calls.ts';
import { operations } from './operations.ts';
import type { Permission, Reach } from './permission.ts';
import { limitsOf, type Reached } from './reaches.ts';

/** What AWS asks for besides, and no call of ours shows. */
export const byHand: Readonly<Record<GithubRole, readonly Permission[]>> = {
  plan: [],
  apply: [
    // docker push sends what ECR's own operations for layers send, looks for the manifest that it is about to write, and
    // with a cache reads layers that are there. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    { action: 'ecr:BatchGetImage', reach: 'ours' },
    { action: 'ecr:GetDownloadUrlForLayer', reach: 'ours' },
    // The tagging API changes the tags of a bucket by the operations that S3 has for it, older ones and newer ones.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UntagResource.html
    { action: 's3:UntagResource', reach: 'named' },
    // The first compute environment of an account makes Batch's own role, on behalf of who makes it.
    // https://docs.aws.amazon.com/batch/latest/userguide/using-service-linked-roles-batch-general.html
    { action: 'iam:CreateServiceLinkedRole', reach: 'linked' },
  ],
  operate: [],
};

/** A role's inline policies hold 10,240 characters together, white space not counted. */
export const inlineLimit = 10_240;

const namesOf = (calls: Calls): readonly string[] =>
  Object.entries(calls).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));

function permissionsOf(calls: Calls): readonly Permission[] {
  return namesOf(calls).flatMap((operation) => {
    const permissions = operations.get(operation);
    if (permissions === undefined) throw new Error(`no table says what ${operation} takes of who sends it`);
    return permissions;
  });
}

/** What jobs that act as a role may do. */
export function permissionsOfRole(role: GithubRole): readonly Permission[] {
  switch (role) {
    case 'plan':
      return [...permissionsOf(planCalls), ...permissionsOf(seldomCalls.plan), ...byHand.plan];
    case 'apply':
      return [
        ...permissionsOfRole('plan'),
        ...permissionsOf(applyCalls),
        ...permissionsOf(seldomCalls.apply),
        ...byHand.apply,
      ];
    case 'operate':
      return [...permissionsOf(operateCalls), ...byHand.operate];
  }
}

/** `born bounded` → `BornBounded` */
const sidOf = (reach: Reach): string => reach.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());

/** One statement for each reach. Actions name their service, so resources of several services share one. */
export function policyOf(reached: Reached, permissions: readonly Permission[]): Policy {
  const reaches = [...new Set(permissions.map(({ reach }) => reach))].sort();
  return policy(
    ...reaches.map((reach) => {
      const actions = permissions.flatMap((each) => (each.reach === reach ? each.action : []));
      const Action = [...new Set(actions)].sort();
      return { Sid: sidOf(reach), Effect: 'Allow' as const, Action, ...limitsOf(reached, reach, Action) };
    }),
  );
}
