import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { bootstrap } from '../../scripts/bootstrap/command.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { runHere, variables } from '../support/run-here.ts';
import { FakeGitHub, ids, repository } from './fake-github.ts';
import { account, environments, OperationsRepository } from './operations-repository.ts';
import { createHost } from './runner/host.ts';
import { type RunEnd, runWorkflow, type Started } from './runner/workflow.ts';

const [owner = '', name = ''] = repository.split('/');
const trusted = { owner, name, ids } as const;

/** What an administrator does once for an environment, in a clone of the repository. */
async function bootstrapHere(t: TestContext, clone: string, environment: string): Promise<void> {
  const here = process.cwd();
  process.chdir(clone);
  const flags = { environment, config: 'config', repository: trusted, yes: true };
  const { code, err } = await runHere(t, () => bootstrap(flags)).finally(() => process.chdir(here));
  assert.deepEqual([code, err], [0, '']);
}

/** A repository, GitHub, and an account in which both environments are as the first commit says. */
export async function workflowWorld(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-workflows-'));
  const aws = await startLocalAws({ account, region: 'eu-central-1' });
  const github = await FakeGitHub.start();
  const operations = new OperationsRepository(folder);
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  const batch = new Batch({ endpoint: aws.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  t.after(async () => {
    batch.destroy();
    await github[Symbol.asyncDispose]();
    await aws.close();
    rmSync(folder, { recursive: true });
  });
  const { endpoint } = aws;
  variables(t, { AWS_ENDPOINT_URL: endpoint });
  const host = createHost({ folder, remote: operations.remote, github, endpoint });
  for (const environment of environments) {
    const directory = join(operations.folder, 'config');
    await bootstrapHere(t, operations.folder, environment);
    const opened = await openEnvironment({ directory, environment, endpoint, root: operations.folder });
    await opened.apply(await opened.plan(), () => {}).finally(() => opened.close());
  }
  const run = (name: string, started: Omit<Started, 'ref'> & { readonly ref?: string }): Promise<RunEnd> =>
    runWorkflow(host, name, { ref: 'refs/heads/main', ...started });
  return { operations, github, batch, run };
}

export const results = ({ jobs }: RunEnd): Readonly<Record<string, string>> =>
  Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));

export const logOf = ({ jobs }: RunEnd, name: string): string => jobs.get(name)?.log ?? assert.fail(name);
export const summaryOf = ({ jobs }: RunEnd, name: string): string => jobs.get(name)?.summary ?? assert.fail(name);
