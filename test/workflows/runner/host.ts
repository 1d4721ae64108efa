import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { FakeGitHub } from '../fake-github.ts';
import { writePrograms } from './programs.ts';

type Variables = Readonly<Record<string, string>>;

/** What a run of a workflow finds outside of itself. */
export interface Host {
  /** A bare repository. */
  readonly remote: string;
  readonly github: FakeGitHub;
  /** Where the embedded AWS listens. */
  readonly endpoint: string;
  /** Found by steps before the programs of this machine. */
  readonly programs: string;
  /** The same for every job, one after the other, as on GitHub's machines. */
  readonly workspace: string;
  readonly temporary: string;
  readonly artifacts: string;
  /** Variables with the keys of a role, for a job with this subject in its token. */
  assume(roleArn: string, session: string, subject: string): Promise<Variables>;
}

interface Given {
  readonly folder: string;
  readonly remote: string;
  readonly github: FakeGitHub;
  readonly endpoint: string;
  readonly assume?: Host['assume'];
}

export function createHost({ folder, remote, github, endpoint, assume }: Given): Host {
  const programs = join(folder, 'bin');
  writePrograms(programs);
  const artifacts = join(folder, 'artifacts');
  mkdirSync(artifacts);
  return {
    remote,
    github,
    endpoint,
    programs,
    artifacts,
    workspace: join(folder, 'work'),
    temporary: join(folder, 'runner-temp'),
    assume: assume ?? ((...given) => assumeRole(endpoint, ...given)),
  };
}

/** https://docs.github.com/en/actions/reference/security/oidc */
const issuer = 'https://token.actions.githubusercontent.com';

/** As aws-actions/configure-aws-credentials does it, with a token that GitHub would have signed. */
async function assumeRole(endpoint: string, RoleArn: string, RoleSessionName: string, sub: string): Promise<Variables> {
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const token = [{ alg: 'none' }, { iss: issuer, aud: 'sts.amazonaws.com', sub }].map(encoded).join('.');
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
  const sts = new STSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName, WebIdentityToken: `${token}.` }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`STS gave no keys for ${RoleArn}`);
    return {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
    };
  } finally {
    sts.destroy();
  }
}

export const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: folder } });
