import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import test from 'node:test';

/**
 * Folder → what it may import besides itself and node:*. A file belongs to the longest folder that fits; what is not
 * listed is not allowed. The embedded AWS shares nothing with the tools that it stands in for AWS against: one
 * misunderstanding must not pass on both sides.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'scripts/cron': [],
  'scripts/config': ['scripts/cron', 'jobs/messages', 'jobs/patterns', 'yaml', 'zod'],
  'scripts/reconcile': ['scripts/config'],
  'scripts/aws': ['@aws-sdk', '@smithy'],
  'scripts/build': ['esbuild', 'fflate', 'modern-tar', 'yaml'],
  'scripts/kinds': ['scripts/reconcile', 'scripts/cron', 'scripts/aws', 'scripts/build', '@aws-sdk', 'zod'],
  'scripts/desired': ['scripts/config', 'scripts/kinds', 'scripts/build'],
  'scripts/local-aws': ['scripts/cron', '@aws-sdk', '@smithy', 'fflate', 'modern-tar'],
  'scripts/dump': [
    ...['scripts/config', 'scripts/desired', 'scripts/kinds', 'scripts/aws', 'scripts/reconcile'],
    ...['@aws-sdk', 'yaml', 'zod'],
  ],
  'scripts/control': [
    ...['scripts/config', 'scripts/reconcile', 'scripts/kinds', 'scripts/desired', 'scripts/aws', 'scripts/dump'],
    ...['scripts/build', 'commander', 'log-update', 'zod'],
  ],
  'scripts/operate': [
    ...['scripts/config', 'scripts/control', 'scripts/cron', 'scripts/desired', 'scripts/kinds', 'scripts/aws'],
    ...['scripts/reconcile', '@aws-sdk', 'cli-table3', 'log-update', 'zod'],
  ],
  'scripts/bootstrap': [
    ...['scripts/config', 'scripts/reconcile', 'scripts/kinds', 'scripts/desired', 'scripts/aws', 'scripts/control'],
    '@aws-sdk',
  ],
  'scripts/local': ['scripts', '@aws-sdk', 'cli-table3', 'log-update', 'zod'],
  lambdas: ['jobs/messages', '@aws-sdk'],
  'jobs/messages': [],
  jobs: ['jobs/messages', '@aws-sdk', 're2js', 'xml2js'],
};
const specifier = /(?:^|[\s;}])(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
const folders = Object.keys(allowed).sort((a, b) => b.length - a.length);
const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
const isEntryPoint = (path: string): boolean =>
  /^(scripts\/[^/]+|jobs\/[^/]+\/main|lambdas\/[^/]+\/handler)\.ts$/.test(path);

const importsOf = (file: string, source: string): string[] =>
  [...source.matchAll(specifier)]
    .map((match) => match[1] ?? match[2] ?? '')
    .map((to) => (to.startsWith('.') ? posix.join(posix.dirname(file), to) : to))
    .filter((to) => !to.startsWith('node:'));

function violations(file: string, source: string): string[] {
  const folder = folders.find((candidate) => inside(file, candidate));
  const permitted = folder === undefined ? undefined : [folder, ...(allowed[folder] ?? [])];
  return importsOf(file, source)
    .filter((to) => isEntryPoint(to) || inside(to, 'test') || permitted?.some((ok) => inside(to, ok)) === false)
    .map((to) => `${file} must not import ${to}`);
}

const sources = (): string[] =>
  ['scripts', 'lambdas', 'jobs'].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => posix.join(top, file.replaceAll('\\', '/'))),
  );

test('every import keeps to the directions of the house', () => {
  const files = sources();
  assert.ok(files.length > 20, `only ${files.length} source files found`);
  assert.deepEqual(
    files.flatMap((file) => violations(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('every source file but an entry point lies in a folder that has directions', () => {
  const homeless = sources().filter((file) => !isEntryPoint(file) && !folders.some((folder) => inside(file, folder)));
  assert.deepEqual(homeless, []);
  assert.deepEqual(
    folders.filter((folder) => !existsSync(folder)),
    [],
  );
});

/** The files on a way from a file back to itself, if there is one. Imports of types count: who reads one must read all. */
function circleFrom(file: string, imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const cameFrom = new Map<string, string>();
  const ahead = [file];
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop())
    for (const next of imports.get(at) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      ahead.push(next);
    }
  const circle: string[] = [];
  for (let at = cameFrom.get(file); at !== undefined && !circle.includes(at); at = cameFrom.get(at)) circle.push(at);
  return circle;
}

test('no source file imports itself by way of others', () => {
  const imports = new Map(sources().map((file) => [file, importsOf(file, readFileSync(file, 'utf8'))]));
  const circles = [...imports.keys()].map((file) => circleFrom(file, imports)).filter(({ length }) => length > 0);
  assert.deepEqual(circles, []);
  const three = new Map(['ab', 'bc', 'ca', 'da'].map(([from = '', to = '']) => [from, [to]]));
  assert.deepEqual(circleFrom('a', three), ['c', 'b', 'a']);
  assert.deepEqual(circleFrom('d', three), []);
});

test('a job that reaches into scripts, a kind into config, and anybody into an entry point or a test are found', () => {
  const found = [
    violations('jobs/feed-watcher/main.ts', "import { x } from '../../scripts/aws/clients.ts';"),
    violations('scripts/kinds/bucket.ts', "import type { Config } from '../config/schema.ts';"),
    violations('scripts/aws/clients.ts', "export { x } from '../reconcile.ts';"),
    violations('scripts/local/story.ts', "const { x } = await import('../../test/support/small-world.ts');"),
  ];
  assert.deepEqual(
    found.map((each) => each.length),
    [1, 1, 1, 1],
  );
});
