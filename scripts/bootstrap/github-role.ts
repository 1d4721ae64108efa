import { GetRoleCommand, type RoleDetail, UpdateRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import { type RoleSpec, roleKind } from '../kinds/role.ts';
import type { ResourceKind } from '../reconcile/kind.ts';
import { github } from './trust.ts';

export interface GithubRoleSpec extends RoleSpec {
  /** Seconds that a session of it lasts at most. */
  readonly longestSession: number;
}

interface LiveGithubRole {
  readonly role: RoleDetail;
  readonly longestSession: number;
}

/** What IAM takes where nobody says. */
const anHour = 3_600;

/** The listing of roles tells of policies and tags, and leaves this out. */
async function readLongestSession(aws: Aws, RoleName: string): Promise<number | undefined> {
  const answer = await found(aws.iam.send(new GetRoleCommand({ RoleName })));
  return answer && (answer.Role?.MaxSessionDuration ?? anHour);
}

async function setLongestSession(aws: Aws, { name, longestSession }: GithubRoleSpec): Promise<void> {
  await aws.iam.send(new UpdateRoleCommand({ RoleName: name, MaxSessionDuration: longestSession }));
}

/** A role that jobs of GitHub act as: like those of an environment, and with sessions as long as its jobs. */
export function githubRoleKind(aws: Aws): ResourceKind<GithubRoleSpec, LiveGithubRole> {
  const kind = roleKind(aws);
  return {
    kind: kind.kind,
    immutable: [],
    references: () => [{ kind: 'identity-provider', name: github.host }],
    list: async (names) => {
      const { observed, ...rest } = await kind.list(names);
      const roles = await mapConcurrently(observed, atOnce, async ({ live: role, ...each }) => {
        const longestSession = await readLongestSession(aws, each.name);
        return longestSession === undefined ? undefined : { ...each, live: { role, longestSession } };
      });
      return { ...rest, observed: roles.filter((role) => role !== undefined) };
    },
    toSpec: ({ role, longestSession }) => ({ ...kind.toSpec(role), longestSession }),
    create: async (desired, step) => {
      await kind.create(desired, step);
      await setLongestSession(aws, desired);
    },
    update: async ({ role }, desired, fields, step) => {
      await kind.update(role, desired, fields, step);
      await setLongestSession(aws, desired);
    },
    delete: ({ role }, step) => kind.delete(role, step),
  };
}
