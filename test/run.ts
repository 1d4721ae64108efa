/**
 * npm run test:all [-- PART-OF-A-PATH …] [--test-… flags]
 *
 * Runs every test/**\/*.test.ts, or those whose path holds one of the given parts. A runner of our own because Node 20's
 * `--test` expands no globs and reports success when no file was found.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const parts = args.filter((arg) => !arg.startsWith('--'));
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts') && (parts.length === 0 || parts.some((part) => file.includes(part))))
  .sort();
if (files.length === 0) throw new Error(`no test file matches ${parts.join(', ')}`);

const reporter = flags.some((flag) => flag.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec'];
const { status } = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx/esm', '--import', './test/support/no-leaks.ts'],
    ...['--test', `--test-concurrency=${availableParallelism()}`, ...reporter, ...flags, ...files],
  ],
  { stdio: 'inherit', env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
);
process.exitCode = status ?? 1;
