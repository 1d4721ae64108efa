import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import test from 'node:test';

const pages = ['README.md', 'jobs/README.md', 'config/README.md'] as const;
const textOf = (page: string): string => readFileSync(page, 'utf8');

/** The name under which GitHub jumps to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links of a page to places of this repository that are not there. */
function brokenLinks(page: string, text: string): readonly string[] {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  return links
    .filter(([, path = '', anchor]) => {
      const to = path === '' ? page : posix.join(posix.dirname(page), path);
      if (!existsSync(to)) return true;
      return anchor !== undefined && !anchorsIn(to === page ? text : textOf(to)).includes(anchor);
    })
    .map(([link]) => link);
}

const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);

test('every link of the pages leads somewhere', () => {
  for (const page of pages) assert.deepEqual(brokenLinks(page, textOf(page)), [], page);
  const text = '# One & two\n[a](#one--two) [b](#three) [c](../README.md) [d](none.md)';
  assert.deepEqual(brokenLinks('jobs/README.md', text), ['](#three)', '](none.md)']);
});

test('every command that the pages name is there, and README.md names all that are run by hand', () => {
  const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(textOf('package.json'));
  for (const page of pages) {
    const unknown = commandsIn(textOf(page)).filter((name) => !Object.hasOwn(scripts, name));
    assert.deepEqual(unknown, [], page);
  }
  const listed = /^## The commands\n[\s\S]*?(?=^## )/m.exec(textOf('README.md'))?.[0] ?? '';
  const byHand = Object.entries(scripts).filter(([name, how]) => how.includes(' scripts/') && name !== 'schema');
  assert.deepEqual(
    byHand.map(([name]) => name).filter((name) => !listed.includes(`\`${name}\``) && !listed.includes(`\`${name} -- `)),
    [],
  );
});

/** What the group of the pattern finds, each once. */
const foundIn = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

test('jobs/README.md has every variable that the jobs read, and the very events that they log', () => {
  const files = readdirSync('jobs', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const sources = files.map((path) => textOf(`jobs/${path}`)).join('\n');
  const page = textOf('jobs/README.md');
  const variables = foundIn(sources, /environment\.\w+\(\s*'([A-Z_]+)'/g);
  assert.ok(variables.length > 15, variables.join());
  // Batch sets it.
  const isSet = (name: string): boolean =>
    name === 'AWS_BATCH_JOB_ARRAY_INDEX' || new RegExp(`^\\| [^|]*\`${name}\``, 'm').test(page);
  assert.deepEqual(
    variables.filter((name) => !isSet(name)),
    [],
  );
  const logs = /^## Logs\n[\s\S]*?(?=^## )/m.exec(page)?.[0] ?? '';
  const shown = foundIn(logs, /^\| `([a-z0-9 ]+)` \|/gm);
  const logged = foundIn(sources, /[lL]og\(\s*(?:\w+ === '\w+' \? )?'([a-z0-9 ]+)'/g);
  assert.ok(logged.length > 20, logged.join());
  assert.deepEqual(
    logged.filter((event) => !shown.includes(event)),
    [],
  );
  assert.deepEqual(
    shown.filter((event) => !sources.includes(`'${event}'`)),
    [],
  );
});

test('the map of the house shows what is there', () => {
  const map = /^## The map of the house\n+```\n([\s\S]*?)^```/m.exec(textOf('README.md'))?.[1] ?? '';
  const above: string[] = [];
  const shown = map.split('\n').flatMap((line) => {
    const [, indent = '', names = ''] = /^( *)((?:[\w.-]+(?:\/|\.ts)(?:, )?)+) /.exec(line) ?? [];
    above.length = indent.length / 2;
    const paths = names.split(', ').filter((name) => name !== '');
    const found = paths.map((name) => posix.join(...above, name));
    above.push(paths[0] ?? '');
    return found;
  });
  assert.ok(shown.length > 25, shown.join());
  assert.deepEqual(
    shown.filter((path) => !existsSync(path)),
    [],
  );
  const scripts = readdirSync('scripts', { withFileTypes: true });
  assert.deepEqual(
    scripts
      .map((entry) => `scripts/${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .filter((path) => !shown.includes(path)),
    [],
  );
});
