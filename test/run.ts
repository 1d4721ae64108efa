/**
 * npm run test:all [-- PART-OF-A-PATH …] [--test-… flags]
 *
 * Runs every test/**\/*.test.ts, or those whose path holds one of the given parts. A runner of our own, because Node 20's
 * `--test` expands no globs and reports success when no file was found, and because a process for each file would load the
 * SDK's clients a hundred times: files of one area share a process.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildForTests } from './support/build.ts';
import { builtVariable } from './support/built-script.ts';

/**
 * CPU seconds that a file takes beside what it loads, where that is more than a moment. They decide which files share a
 * process and which begin first, so that no core is idle in the end; a wrong number makes the run longer, nothing else.
 */
const weights: Readonly<Record<string, number>> = {
  'bootstrap/roles': 3,
  'build/real-image': 3,
  'control/interruption': 5,
  'control/trouble': 2,
  'jobs/feed-consumer/crashes': 16,
  'jobs/feed-consumer/kernel/any-document': 5,
  'jobs/feed-consumer/kernel/large-records': 4,
  'jobs/feed-consumer/large-records/any-large-record': 4,
  'jobs/feed-consumer/large-records/large-crashes': 6,
  'jobs/feed-consumer/memory': 5,
  'jobs/feed-watcher/killed': 9,
  'jobs/feed-watcher/parts': 4,
  'jobs/kernels': 3,
  'jobs/shared-feeds': 4,
  'jobs/xml/conformance-suite': 7,
  'jobs/xml/doctype': 4,
  'jobs/xml/document-properties': 5,
  'jobs/xml/utf8-source': 2,
  'kinds/batch': 3,
  'kinds/batch-round-trip': 9,
  'kinds/events': 3,
  'kinds/messages': 3,
  'kinds/plan-calls': 2,
  'kinds/storage': 3,
  'local-aws/services/s3/aws-cli': 2,
  'operate/pause/killed': 4,
  'operate/replay/replay': 2,
  'operate/status': 2,
  'operate/trigger': 2,
  'pipeline/alerts': 2,
  'pipeline/array-job': 3,
  'pipeline/disappeared': 5,
  'pipeline/event-rules': 3,
  'pipeline/given-feed': 5,
  'pipeline/interruption': 3,
  'pipeline/killed-apply': 28,
  'pipeline/nothing-flaps': 12,
  'pipeline/other-language': 2,
  'pipeline/story': 4,
  'pipeline/time-zone': 4,
  'pipeline/up': 11,
  reconcile: 5,
  'workflows/story': 11,
  'workflows/trigger': 3,
};

/** Any other file's. */
const lightest = 0.3;

/** Of a process: enough to share what is loaded, little enough that the last one does not run alone for long. */
const mostWeight = 20;

const weightOf = (file: string): number => weights[file.slice('test/'.length, -'.test.ts'.length)] ?? lightest;
const weightOfAll = (files: readonly string[]): number => files.reduce((sum, file) => sum + weightOf(file), 0);

function chosenFiles(parts: readonly string[]): string[] {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts') && (parts.length === 0 || parts.some((part) => file.includes(part))));
  if (files.length === 0) throw new Error(`no test file matches ${parts.join(', ')}`);
  return files.sort();
}

const isOfLambda = (file: string): boolean => file.startsWith('test/lambdas/');

/**
 * `test/jobs/xml/kernel/x.test.ts` → `test/jobs`: what lies there loads much the same. A Lambda's module reads its
 * environment when it is loaded, so each has a process of its own.
 */
const areaOf = (file: string): string =>
  isOfLambda(file) ? dirname(file) : dirname(file).split('/').slice(0, 2).join('/');

const areasOf = (group: readonly string[]): string => [...new Set(group.map(areaOf))].join('-');

/** Puts each group to the one before it, as long as they may go together and are not too heavy. */
function joined(
  groups: readonly (readonly string[])[],
  mayJoin: (one: readonly string[], next: readonly string[]) => boolean,
): string[][] {
  const all: string[][] = [];
  for (const group of groups) {
    const last = all.at(-1);
    if (last !== undefined && mayJoin(last, group) && weightOfAll([...last, ...group]) <= mostWeight)
      last.push(...group);
    else all.push([...group]);
  }
  return all;
}

/** Files of one area, as many as are not too heavy together, and light rests of areas; the heaviest first. */
function groupsOf(files: readonly string[]): string[][] {
  const sorted = files.toSorted((a, b) => areaOf(a).localeCompare(areaOf(b)) || weightOf(b) - weightOf(a));
  const ofAreas = joined(
    sorted.map((file) => [file]),
    (one, next) => areasOf(one) === areasOf(next),
  );
  const isLight = (group: readonly string[]): boolean => weightOfAll(group) < mostWeight / 2 && !group.some(isOfLambda);
  const rests = joined(ofAreas.filter(isLight), () => true);
  return [...ofAreas.filter((group) => !isLight(group)), ...rests].sort((a, b) => weightOfAll(b) - weightOfAll(a));
}

/** What is built of a file, relative to the folder it is built into. */
const builtOf = (file: string): string => `./${file.replace(/\.ts$/, '.mjs')}`;

/** Writes a file that imports a group, named after its areas, for node's own runner to start. */
function writeEntry(directory: string, group: readonly string[], at: number): string {
  const areas = areasOf(group).replaceAll(/\W/g, '-');
  const entry = join(directory, `${String(at).padStart(2, '0')}-${areas}.test.mjs`);
  writeFileSync(entry, group.map((file) => `import '${builtOf(file)}';\n`).join(''));
  return entry;
}

/** Loaded before the tests, in this order. */
const preloaded = ['test/support/untracked.ts', 'test/support/no-leaks.ts'] as const;

/** Of a process of tests. */
const nodeFlags = [
  '--enable-source-maps',
  // Two processes share two cores: collectors of garbage beside them would only wait for each other.
  '--single-threaded-gc',
  // Most of what a call to AWS allocates lives for a moment: a young generation of this size is collected less often,
  '--max-semi-space-size=64',
  // and the old one is not looked through for the little there is in it.
  '--initial-old-space-size=600',
  // A process lives for some seconds: what is optimized early is seldom called often enough to be worth it. (Later
  // versions of Node have another compiler before that, and not this flag.)
  ...(process.version.startsWith('v20.') ? ['--interrupt-budget=400000'] : []),
] as const;

async function run(files: readonly string[], flags: readonly string[]): Promise<number> {
  const reporter = flags.some((flag) => flag.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec'];
  // Below node_modules, where what is left outside is found.
  const directory = mkdtempSync(resolve('node_modules', '.tests-'));
  try {
    await buildForTests([...files, ...preloaded], directory);
    const entries = groupsOf(files).map((group, at) => writeEntry(directory, group, at));
    const variables = { [builtVariable]: directory, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    const { status } = spawnSync(
      process.execPath,
      [
        ...[...nodeFlags, ...preloaded.flatMap((file) => ['--import', join(directory, builtOf(file))])],
        ...['--test', `--test-concurrency=${availableParallelism()}`, ...reporter, ...flags, ...entries],
      ],
      { stdio: 'inherit', env: { ...process.env, ...variables } },
    );
    return status ?? 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const args = process.argv.slice(2);
process.exitCode = await run(
  chosenFiles(args.filter((arg) => !arg.startsWith('--'))),
  args.filter((arg) => arg.startsWith('--')),
);
