import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { treeOf } from '../build/tree.ts';
import { feedConfig } from '../support/feed-config.ts';

const local = { directory: feedConfig, environment: 'local' } as const;

test('an environment opens where its account is', async () => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const { endpoint } = aws;
  const environment = await openEnvironment({ ...local, endpoint });
  assert.equal(environment.loaded.site.account, '000000000000');
  environment.close();
});

test('an account other than the one named is refused', async () => {
  await using aws = await startLocalAws({ region: 'eu-central-1', account: '999999999999' });
  const { endpoint } = aws;
  await assert.rejects(openEnvironment({ ...local, endpoint }), {
    name: 'PlanError',
    message:
      'environment "local" is account 000000000000 (test/feed-config/environments/local.yaml:3:10), and the credentials are of account 999999999999; ' +
      'use credentials of that account, or choose another --environment',
  });
});

test('where nobody listens, it is said who was asked and how to start it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  const endpoint = `http://127.0.0.1:${port}`;
  await assert.rejects(openEnvironment({ ...local, endpoint }), {
    name: 'PlanError',
    message: `asking the embedded AWS who is calling: the embedded AWS at ${endpoint} cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}); start it with "npm run local"`,
  });
});

test('an apply that did not do everything throws what failed, and why', async () => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const { endpoint } = aws;
  const environment = await openEnvironment({ ...local, endpoint });
  const perform = async (): Promise<void> => {
    throw new Error('no room');
  };
  const ref = { kind: 'job-queue', name: 'main' };
  const changes = [{ action: 'create', ref, after: [], desired: { name: 'main' }, perform }] as const;
  const plan = { owner: 'baton/local', changes, unchanged: 0, owned: 0, notes: [], situation: {}, digest: '' };
  await assert.rejects(
    environment.apply(plan, () => {}),
    { name: 'ApplyError', message: 'creating job queue "main": no room\n0 applied, 1 failed, 0 skipped in 0.0 s' },
  );
  environment.close();
});

test('a folder whose image cannot be built is the operator’s to mend', async (t) => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const root = await treeOf(t, {
    'jobs/hello/Dockerfile': 'FROM busybox\nCMD ["sh", "main.sh"]\n',
    'jobs/hello/job.yaml': 'process: [sh, main.sh]\n',
    'config/hello.yaml': 'jobDefinitions: { hello: { image: jobs/hello, vcpus: 0.25, memory: 512 } }\n',
    'config/environments/local.yaml': await readFile(`${feedConfig}/environments/local.yaml`, 'utf8').then((text) =>
      text.slice(0, text.indexOf('# npm start puts')),
    ),
    'config/project.yaml': 'project: baton\n',
  });
  const { endpoint } = aws;
  const environment = await openEnvironment({ ...local, directory: join(root, 'config'), root, endpoint });
  t.after(() => environment.close());
  await assert.rejects(environment.plan(), {
    name: 'PlanError',
    message: `reading ${root}/jobs/hello/Dockerfile: its ENTRYPOINT must be ["sh","main.sh"], as "process" in job.yaml is, so that the container starts what the process does`,
  });
});
