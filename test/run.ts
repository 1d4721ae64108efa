/**
 * npm run test:all [-- PART-OF-A-PATH …] [--test-… flags]
 *
 * Runs every test/**\/*.test.ts, or those whose path holds one of the given parts. A runner of our own, because Node 20's
 * `--test` expands no globs and reports success when no file was found, and because a process for each file would load the
 * SDK's clients a hundred times: files of one folder share a process.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Enough to share what is loaded, few enough that the last process does not run alone for long. */
const filesPerProcess = 7;

function chosenFiles(parts: readonly string[]): string[] {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts') && (parts.length === 0 || parts.some((part) => file.includes(part))));
  if (files.length === 0) throw new Error(`no test file matches ${parts.join(', ')}`);
  return files.sort();
}

/** Files of one folder, a few at a time. The tests from end to end take longest, so they begin first. */
function groupsOf(files: readonly string[]): string[][] {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  const groups = [...folders.values()].flatMap((inFolder) =>
    Array.from({ length: Math.ceil(inFolder.length / filesPerProcess) }, (_, at) =>
      inFolder.slice(at * filesPerProcess, (at + 1) * filesPerProcess),
    ),
  );
  const isPipeline = ([first = '']: readonly string[]): boolean => dirname(first).endsWith('pipeline');
  return [...groups.filter(isPipeline), ...groups.filter((group) => !isPipeline(group))];
}

/** Writes a file that imports a group, named after its folder, for node's own runner to start. */
function writeEntry(directory: string, group: readonly string[], at: number): string {
  const entry = join(
    directory,
    `${String(at).padStart(2, '0')}-${dirname(group[0] ?? '').replaceAll(/\W/g, '-')}.test.mjs`,
  );
  writeFileSync(entry, group.map((file) => `import '${pathToFileURL(resolve(file)).href}';\n`).join(''));
  return entry;
}

function run(files: readonly string[], flags: readonly string[]): number {
  const reporter = flags.some((flag) => flag.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec'];
  const directory = mkdtempSync(join(tmpdir(), 'baton-tests-'));
  try {
    const entries = groupsOf(files).map((group, at) => writeEntry(directory, group, at));
    const { status } = spawnSync(
      process.execPath,
      [
        ...['--import', 'tsx/esm', '--import', './test/support/no-leaks.ts'],
        ...['--test', `--test-concurrency=${availableParallelism()}`, ...reporter, ...flags, ...entries],
      ],
      { stdio: 'inherit', env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
    );
    return status ?? 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const args = process.argv.slice(2);
process.exitCode = run(
  chosenFiles(args.filter((arg) => !arg.startsWith('--'))),
  args.filter((arg) => arg.startsWith('--')),
);
