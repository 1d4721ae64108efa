import type { IAM } from '@aws-sdk/client-iam';
import type { Need } from '../../scripts/local-aws/authorization/need.ts';
import { parseIdentityPolicy } from '../../scripts/local-aws/services/iam/policy.ts';
import { glob, holds } from '../../scripts/local-aws/services/iam/policy-conditions.ts';

/** What the policy of a role allows and nothing that was asked of it took: `s3:GetObject`. */
export async function unused(iam: IAM, RoleName: string, needs: readonly Need[]): Promise<string[]> {
  const { PolicyDocument = '' } = await iam.getRolePolicy({ RoleName, PolicyName: 'calls' });
  const { statements } = parseIdentityPolicy(decodeURIComponent(PolicyDocument));
  const left = statements.flatMap(({ actions = [], resources = [], conditions }) => {
    // The tags of resources that have gone are not known any more.
    const known = conditions.filter(({ key }) => !key.startsWith('aws:resourcetag/'));
    const takes = (action: string): boolean =>
      needs.some(
        (need) =>
          need.action === action &&
          resources.some((pattern) => glob(need.resource, pattern)) &&
          holds(known, need.context ?? {}),
      );
    return actions.filter((action) => !takes(action));
  });
  return left.sort();
}
