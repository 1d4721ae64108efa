import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { startLocalAws } from '../scripts/local-aws/server.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as people do, without their credentials. */
async function reconcile(args: readonly string[], endpoint?: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx/esm', 'scripts/reconcile.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: tmpdir(),
      NO_COLOR: '1',
      ...(endpoint !== undefined && { AWS_ENDPOINT_URL: endpoint }),
    },
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: Number(code), out, err };
}

/** A config folder with a bucket and a queue, and whatever `queues` says. */
async function configFolder(t: TestContext, queues = 'computeEnvironments: [fargate]'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-reconcile-'));
  t.after(() => rmSync(folder, { recursive: true }));
  await mkdir(join(folder, 'environments'));
  writeFileSync(
    join(folder, 'shop.yaml'),
    `project: shop
computeEnvironments: { fargate: { type: FARGATE, maxvCpus: 2 } }
jobQueues:
  main: { ${queues} }
buckets: { orders: {} }
`,
  );
  const network = 'network: { subnets: [subnet-1], securityGroupIds: [sg-1] }';
  writeFileSync(
    join(folder, 'environments/local.yaml'),
    `target: embedded\naccount: "000000000000"\nregion: eu-central-1\nprefix: shop\n${network}\nvariables: { key: value }\n`,
  );
  return folder;
}

test('validate accepts the shipped config', async () => {
  assert.deepEqual(await reconcile(['validate', '--environment', 'production']), {
    code: 0,
    out: 'config is valid for production: 7 entries\n',
    err: '',
  });
});

test('validate prints every mistake with its place, no stack, and exits with 1', async (t) => {
  const folder = await configFolder(t, 'computeEnvironments: [fargat], priority: high');
  const { code, out, err } = await reconcile(['validate', '--config', folder, '--var', 'kye=1']);
  assert.deepEqual({ code, out }, { code: 1, out: '' });
  assert.equal(
    err.replaceAll(folder, 'config'),
    `config/environments/local.yaml:6:12 variables.kye: was given, but this environment has no variable "kye"; did you mean "key"?
config/shop.yaml:4:52 jobQueues.main.priority: "high" must be a number
2 problems in the config; nothing was done
`,
  );
});

test('a variable that is no KEY=VALUE is refused', async () => {
  const { code, err } = await reconcile(['validate', '--var', 'feedType']);
  assert.equal(code, 1);
  assert.match(err, /--var <KEY=VALUE>.*'feedType' is invalid\. write KEY=VALUE/);
});

test('the help of the command shows examples and exit codes', async () => {
  const { code, out } = await reconcile(['--help']);
  assert.equal(code, 0);
  assert.match(out, /Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending/);
  assert.match(out, /npm run reconcile -- plan --environment staging --json/);
});

test('plan says what is pending, apply does it after --yes, and then there is nothing to do; what config lost waits for a word', async (t) => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const folder = await configFolder(t);
  const where = ['--config', folder];

  const plan = await reconcile(['plan', ...where, '--json'], aws.endpoint);
  assert.deepEqual({ code: plan.code, err: plan.err }, { code: 2, err: '' });
  const document: unknown = JSON.parse(plan.out);
  assert.ok(typeof document === 'object' && document !== null && 'version' in document);
  assert.equal(document.version, 2);

  const unasked = await reconcile(['apply', ...where], aws.endpoint);
  assert.equal(unasked.code, 1);
  assert.equal(unasked.err, 'applying: nobody is here to be asked; say --yes to apply the plan without a question\n');

  const applied = await reconcile(['apply', ...where, '--yes'], aws.endpoint);
  assert.deepEqual({ code: applied.code, err: applied.err }, { code: 0, err: '' });
  assert.match(applied.out, /^\+ job-queue shop-main: done in \d+\.\d s$/m);
  assert.match(applied.out, /\n\d+ applied\n$/);

  const again = await reconcile(['plan', ...where], aws.endpoint);
  assert.equal(again.code, 0);
  assert.match(again.out, /^shop\/local: nothing to do; \d+ unchanged\n$/);

  writeFileSync(join(folder, 'shop.yaml'), readFileSync(join(folder, 'shop.yaml'), 'utf8').replace(/^buckets.*$/m, ''));
  const refused = await reconcile(['apply', ...where, '--yes'], aws.endpoint);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /delete bucket "shop-orders-000000000000-eu-central-1"\n.*--allow-deletions/);
  const pruned = await reconcile(['apply', ...where, '--yes', '--allow-deletions'], aws.endpoint);
  assert.deepEqual({ code: pruned.code, err: pruned.err }, { code: 0, err: '' });
  assert.match(pruned.out, /^- bucket shop-orders-000000000000-eu-central-1: done in/m);
});
