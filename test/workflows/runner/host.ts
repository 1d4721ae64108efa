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
}

type Given = Pick<Host, 'remote' | 'github' | 'endpoint'> & { readonly folder: string };

export function createHost({ folder, remote, github, endpoint }: Given): Host {
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
  };
}

/** What a token says of a job. */
export interface Claims {
  readonly sub: string;
  readonly ref: string;
}

interface Session {
  readonly role: string;
  readonly session: string;
  readonly claims: Claims;
}

/** Keys of a role as variables. The embedded AWS checks all of a token but its signature. Throws STS's refusal. */
export async function assumeRole(endpoint: string, { role, session, claims }: Session): Promise<Variables> {
  const all = { iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', ...claims };
  const token = ['{}', JSON.stringify(all), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
  const sts = new STSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: role, RoleSessionName: session, WebIdentityToken: token }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`STS gave no keys for ${role}`);
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
