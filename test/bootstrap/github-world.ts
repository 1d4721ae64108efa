import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { stringify } from 'yaml';
import { type BootstrapFlags, bootstrap } from '../../scripts/bootstrap/command.ts';
import type { GithubRole } from '../../scripts/config/names.ts';
import type { Authority, Caller } from '../../scripts/local-aws/authorization/caller.ts';
import { needsOf, siteOf } from '../../scripts/local-aws/authorization/gate.ts';
import type { Need } from '../../scripts/local-aws/authorization/need.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import type { ServedCall } from '../../scripts/local-aws/wire/around.ts';
import type { World } from '../../scripts/local-aws/world.ts';
import { type Done, runHere, variables } from '../support/run-here.ts';

export const account = '111122223333';
export const region = 'eu-central-1';
const repository = { owner: 'acme', name: 'feeds', ids: { owner: 7, repository: 42 } };

const environment = {
  target: 'embedded',
  account,
  region,
  prefix: 'unit',
  permissionsBoundary: 'github-unit-boundary',
  network: { subnets: ['subnet-a'], securityGroupIds: ['sg-1'], assignPublicIp: true },
};

/** What a role sent: each operation, and all that the embedded AWS asked whether it may. */
export interface Sent {
  /** The actions that each operation took before anything was done. */
  readonly operations: Map<string, Set<string>>;
  readonly needs: Map<string, Need>;
}

/** The services as IAM calls them: two sign with other names. */
const iamName = (service: string): string => ({ monitoring: 'cloudwatch', tagging: 'tag' })[service] ?? service;

function recorder(world: () => World) {
  const sent = new Map<string, Sent>();
  const by = (caller: Caller): Sent | undefined => {
    if (caller.type !== 'role') return undefined;
    const role = caller.roleArn.slice(caller.roleArn.lastIndexOf('/') + 1);
    const of = sent.get(role) ?? { operations: new Map(), needs: new Map() };
    sent.set(role, of);
    return of;
  };
  const onCall = ({ service, operation, input, context: { principal } }: ServedCall): void => {
    const operations = by(principal)?.operations;
    const name = `${iamName(service)}:${operation}`;
    const actions = needsOf(service, operation, input, siteOf(world())).map(({ action }) => action);
    operations?.set(name, new Set([...(operations.get(name) ?? []), ...actions]));
  };
  /** Stands where everything is decided: operations on many things ask for each. */
  const listening = ({ allows, require }: Authority): Authority => {
    const asked = (caller: Caller, need: Need): void => void by(caller)?.needs.set(JSON.stringify(need), need);
    return {
      allows: (caller, action, resource, context = {}) => {
        asked(caller, { action, resource, context });
        return allows(caller, action, resource, context);
      },
      require: (caller, action, resource, more) => {
        asked(caller, { action, resource, context: more?.context ?? {} });
        require(caller, action, resource, more);
      },
    };
  };
  return { sent, onCall, listening };
}

interface Claims {
  readonly sub: string;
  readonly ref: string;
}

/** What GitHub signs for a job; nobody checks the signature here. */
function tokenOf(claims: Claims): string {
  const all = { iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', ...claims };
  return `e30.${Buffer.from(JSON.stringify(all)).toString('base64url')}.signature`;
}

const main = 'refs/heads/main';

/** Jobs as the workflows have them. */
const jobs: Readonly<Record<GithubRole, Claims>> = {
  plan: { sub: 'repo:acme/feeds:pull_request', ref: 'refs/pull/1/merge' },
  apply: { sub: 'repo:acme@7/feeds@42:environment:test', ref: main },
  operate: { sub: `repo:acme@7/feeds@42:ref:${main}`, ref: main },
};

/** A repository on GitHub with an environment on the embedded AWS, bootstrapped by an administrator. */
export async function githubWorld(t: TestContext) {
  const config = mkdtempSync(join(tmpdir(), 'baton-github-'));
  mkdirSync(join(config, 'environments'));
  const writeEnvironment = (more: object = {}): void =>
    writeFileSync(join(config, 'environments', 'test.yaml'), stringify({ ...environment, ...more }));
  writeEnvironment();
  const write = (content: object): void =>
    writeFileSync(
      join(config, 'config.yaml'),
      stringify({ project: 'baton', ...content }, { aliasDuplicateObjects: false }),
    );
  const { sent, onCall, listening } = recorder(() => local.world);
  const local = await startLocalAws({ account, region, onCall });
  local.world.ports.authority = listening(local.world.ports.authority);
  const person = { accessKeyId: 'person', secretAccessKey: 'person' };
  const settings = { endpoint: local.endpoint, region, credentials: person };
  const clients = { iam: new IAM(settings), sts: new STS(settings) };
  variables(t, {
    AWS_ENDPOINT_URL: local.endpoint,
    ...{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' },
  });
  t.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await local.close();
    rmSync(config, { recursive: true });
  });
  const flags = { environment: 'test', config, var: {} };
  /** The keys of a role, by a token of a job. Throws what STS answers where the role does not trust it. */
  const keysOf = async (role: GithubRole, claims = jobs[role]) => {
    const { Credentials } = await clients.sts.assumeRoleWithWebIdentity({
      RoleArn: `arn:aws:iam::${account}:role/github-unit-${role}`,
      RoleSessionName: 'job',
      WebIdentityToken: tokenOf(claims),
    });
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
  };
  return {
    ...clients,
    flags,
    keysOf,
    world: local.world,
    /** What clients of a role take. */
    clientOf: async (role: GithubRole) => ({ ...settings, credentials: await keysOf(role) }),
    person: settings,
    sent,
    write,
    writeEnvironment,
    bootstrap: (more: Partial<BootstrapFlags> = {}): Promise<Done> =>
      runHere(t, () => bootstrap({ ...flags, repository, yes: true, ...more })),
    /** Runs a command as a job that acts as the role. */
    run: async (role: GithubRole, command: () => Promise<void>): Promise<Done> => {
      const { accessKeyId, secretAccessKey, sessionToken } = await keysOf(role);
      process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
      process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
      process.env['AWS_SESSION_TOKEN'] = sessionToken;
      return runHere(t, command).finally(() => {
        for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) process.env[name] = '';
      });
    },
  };
}
