import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { startLocalAws } from '../scripts/local-aws/server.ts';
import { builtScript } from './support/built-script.ts';
import { configFolder, edit, reconcile } from './support/reconcile-command.ts';

test('validate accepts the shipped config', async () => {
  const { code, out, err } = await reconcile(['validate', '--environment', 'production']);
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  assert.match(out, /^config is valid for production: \d+ entries\n$/);
});

test('validate prints every mistake with its place, no stack, and exits with 1', async (t) => {
  const folder = configFolder(t, 'computeEnvironments: [fargat], priority: high');
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
  assert.match(out, /Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending, 130 stopped by Ctrl-C/);
  assert.match(out, /npm run --silent reconcile -- plan -e staging --json/);
});

test('plan says what is pending, apply does it after --yes, and then there is nothing to do; what config lost goes', async (t) => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const folder = configFolder(t);
  const where = ['--config', folder];

  const plan = await reconcile(['plan', ...where, '--json'], aws.endpoint);
  assert.deepEqual({ code: plan.code, err: plan.err }, { code: 2, err: '' });
  const document: unknown = JSON.parse(plan.out);
  assert.ok(typeof document === 'object' && document !== null && 'version' in document);
  assert.equal(document.version, 3);

  const unasked = await reconcile(['apply', ...where], aws.endpoint);
  assert.equal(unasked.code, 1);
  assert.equal(
    unasked.err,
    'applying: nobody is here to be asked; say --yes to apply the plan without a question, or --plan FILE to apply one that was reviewed\n',
  );

  const applied = await reconcile(['apply', ...where, '--yes'], aws.endpoint);
  assert.deepEqual({ code: applied.code, err: applied.err }, { code: 0, err: '' });
  assert.match(applied.out, /^\+ job-queue shop-main: done in \d+\.\d s$/m);
  assert.match(applied.out, /\n\d+ applied in \d+\.\d s\n$/);

  const again = await reconcile(['plan', ...where], aws.endpoint);
  assert.equal(again.code, 0);
  assert.match(again.out, /^shop\/local: nothing to do; \d+ unchanged\n$/);

  edit(folder, /^buckets.*$/m, '');
  const pruned = await reconcile(['apply', ...where, '--yes'], aws.endpoint);
  assert.deepEqual({ code: pruned.code, err: pruned.err }, { code: 0, err: '' });
  assert.match(pruned.out, /^- bucket shop-orders-000000000000-eu-central-1: done in/m);
});

/** Runs the command in a terminal of its own and answers its question. */
async function inTerminal(args: readonly string[], endpoint: string, question: RegExp, answer: string) {
  const command = [process.execPath, builtScript('reconcile'), ...args].join(' ');
  const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', AWS_ENDPOINT_URL: endpoint },
  });
  let shown = '';
  let isAnswered = false;
  child.stdout.on('data', (part: Buffer) => {
    shown += part.toString();
    if (!isAnswered && question.test(stripVTControlCharacters(shown))) {
      child.stdin.write(`${answer}\r`);
      isAnswered = true;
    }
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), shown: stripVTControlCharacters(shown).replaceAll('\r', ''), raw: shown };
}

const terminals = existsSync('/usr/bin/script') && process.platform === 'linux';

test('in a terminal apply and destroy ask, in colour', {
  skip: !terminals && 'needs /usr/bin/script of util-linux, which gives a process a terminal',
}, async (t) => {
  await using aws = await startLocalAws({ region: 'eu-central-1' });
  const where = ['--config', configFolder(t)];
  const question = /Apply this to local \(account 000000000000\)\? \[y\/N\] $/;
  const refused = await inTerminal(['apply', ...where], aws.endpoint, question, 'n');
  assert.equal(refused.code, 2);
  assert.match(refused.shown, /\nnothing was changed\n$/);
  assert.ok(refused.raw.includes('\u001B[32m+\u001B[39m'), 'no colour');
  const applied = await inTerminal(['apply', ...where], aws.endpoint, question, 'y');
  assert.equal(applied.code, 0, applied.shown);
  const name = /Write the environment's name: $/;
  const destroyed = await inTerminal(['destroy', ...where], aws.endpoint, name, 'local');
  assert.equal(destroyed.code, 0, destroyed.shown);
  assert.match(destroyed.shown, /\n\d+ applied in \d+\.\d s\n$/);
});
