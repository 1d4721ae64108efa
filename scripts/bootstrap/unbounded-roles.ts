import { paginateGetAccountAuthorizationDetails } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { ownerIn } from '../aws/ownership.ts';
import type { LoadedConfig } from '../config/load.ts';
import { arns, ownerOf } from '../config/names.ts';
import { boundaryName } from './desired.ts';

/**
 * What an administrator should know of roles that bear the prefix of an environment, and are neither its own nor within its
 * boundary. Its apply role may pass them on and, where they have no owner, tag them as its own: IAM asks for the same
 * permission whether a role is tagged when it is made or later.
 */
export async function notesOnRoles(aws: Aws, loaded: LoadedConfig): Promise<string[]> {
  const { site } = loaded;
  const boundary = arns.policy(site, boundaryName(loaded));
  const notes: string[] = [];
  const pages = paginateGetAccountAuthorizationDetails({ client: aws.iam }, { Filter: ['Role'] });
  for await (const { RoleDetailList = [] } of pages) {
    for (const { RoleName = '', Tags, PermissionsBoundary } of RoleDetailList) {
      if (!RoleName.startsWith(`${site.prefix}-`) || ownerIn(Tags) === ownerOf(site)) continue;
      if (PermissionsBoundary?.PermissionsBoundaryArn === boundary) continue;
      notes.push(
        `role "${RoleName}" begins with the prefix "${site.prefix}" and is not of this environment: ` +
          `who applies could act as it; give it another name, or the environment another prefix`,
      );
    }
  }
  return notes.sort();
}
