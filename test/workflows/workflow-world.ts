import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Batch } from '@aws-sdk/client-batch';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { FakeGitHub, ids, repository } from './fake-github.ts';
import { account, environments, OperationsRepository } from './operations-repository.ts';
import { createHost, type Host } from './runner/host.ts';
import { type RunEnd, runWorkflow, type Started } from './runner/workflow.ts';

/** What an administrator does once for an environment. */
async function bootstrap({ programs, endpoint }: Host, cwd: string, environment: string): Promise<void> {
  const args = ['--environment', environment, '--repository', repository, '--yes'];
  const known = ['--owner-id', String(ids.owner), '--repository-id', String(ids.repository)];
  await promisify(execFile)(
    join(programs, 'node'),
    ['--import', 'tsx/esm', 'scripts/bootstrap.ts', ...args, ...known],
    { cwd, env: { PATH: process.env['PATH'], HOME: cwd, AWS_ENDPOINT_URL: endpoint } },
  );
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
  const host = createHost({ folder, remote: operations.remote, github, endpoint });
  for (const environment of environments) {
    const directory = join(operations.folder, 'config');
    await bootstrap(host, operations.folder, environment);
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
