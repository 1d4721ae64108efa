import assert from 'node:assert/strict';
import { readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { jobImage } from '../../scripts/build/job-image.ts';
import { treeOf, write } from './tree.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const dockerfile = (base: string): string =>
  `FROM ${base}\nCOPY main.mjs /app/main.mjs\nENTRYPOINT ["node", "/app/main.mjs"]\n`;
const main = "import { greeting } from '../words/greeting.ts';\nimport { print } from 'printer';\nprint(greeting);\n";
const sources = {
  'jobs/hello/Dockerfile': dockerfile(`node:24-slim@${digest('a')}`),
  'jobs/hello/main.ts': main,
  'jobs/words/greeting.ts': "export const greeting: string = 'hello';\n",
  'jobs/words/unused.ts': 'export const unused = 1;\n',
  'jobs/snake/Dockerfile': 'FROM python:3\nCOPY . /app\nENTRYPOINT ["python3", "/app/main.py"]\n',
  'jobs/snake/job.yaml': 'process: [python3, main.py]\n',
  'jobs/snake/main.py': 'import tools.words\n',
  'jobs/snake/tools/words.py*': 'words = 1\n',
};

const lockfile = (printer: string, other: string): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/printer': { version: printer }, 'node_modules/other': { version: other } },
  });

/** What `npm ci` does: the folder of packages becomes what the lockfile says. */
async function install(root: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  await rm(join(root, 'node_modules'), { recursive: true, force: true });
  for (const [folder, { version }] of Object.entries<{ version: string }>(packages))
    await write(root, {
      [`${folder}/package.json`]: JSON.stringify({ version, type: 'module', exports: './index.js' }),
      [`${folder}/index.js`]: `export const print = (text) => console.log('${version}', text);\n`,
    });
}

async function clone(t: TestContext, files: Readonly<Record<string, string>> = sources): Promise<string> {
  const root = await treeOf(t, { 'package-lock.json': lockfile('1.0.0', '1.0.0'), ...files });
  await install(root);
  return root;
}

const hashOf = async (root: string, name = 'hello'): Promise<string> => (await jobImage(join(root, 'jobs', name))).tag;

test('two clones have one hash and one image, to the byte, whatever their folder, times and umask', async (t) => {
  const first = await clone(t);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const nested = Object.fromEntries(Object.entries(sources).map(([path, text]) => [`a folder/of/mine/${path}`, text]));
  const second = join(await clone(t, nested), 'a folder/of/mine');
  await write(second, { 'package.json': '{"type":"module"}', 'package-lock.json': lockfile('1.0.0', '1.0.0') });
  await install(second);
  await Promise.all(Object.keys(sources).map((path) => utimes(join(second, path.replace('*', '')), 1, 1)));
  for (const name of ['hello', 'snake']) {
    const [one, other] = await Promise.all([first, second].map((root) => jobImage(join(root, 'jobs', name))));
    assert.ok(one && other);
    assert.match(one.tag, /^[0-9a-f]{16}$/);
    assert.equal(other.tag, one.tag);
    assert.deepEqual(await other.layer(), await one.layer());
  }
});

test('a hash does not follow what is not in the image', async (t) => {
  const root = await clone(t);
  const hash = await hashOf(root);
  const changes = {
    'a test': { 'test/hello.test.ts': '', 'jobs/hello/main.test.ts': 'fails(' },
    'a note beside the job': { 'jobs/hello/notes.md': 'x' },
    'a module that the job does not import': { 'jobs/words/unused.ts': 'export const unused = 2;' },
    'a comment, a type, an empty line': {
      'jobs/hello/main.ts': `/** Greets. */\n\n${main}// done\nexport type Never = 1;\n`,
    },
    'the configuration': { 'config/jobs.yaml': 'x: 1' },
  };
  for (const [what, change] of Object.entries(changes)) {
    await write(root, change);
    assert.equal(await hashOf(root), hash, what);
  }
});

test('a hash follows the Dockerfile, the digest of its base, the sources and the platform', async (t) => {
  const root = await clone(t);
  const hashes = [await hashOf(root), (await jobImage(join(root, 'jobs/hello'), 'ARM64')).tag];
  for (const change of [
    { 'jobs/words/greeting.ts': "export const greeting = 'good morning';" },
    { 'jobs/hello/Dockerfile': dockerfile(`node:24-slim@${digest('b')}`) },
    { 'jobs/hello/Dockerfile': `${dockerfile(`node:24-slim@${digest('b')}`)}USER 1000\n` },
  ]) {
    await write(root, change);
    hashes.push(await hashOf(root));
  }
  assert.equal(new Set(hashes).size, 5);
});

test('a hash follows the part of the lockfile that the bundle uses, and not the rest', async (t) => {
  const root = await clone(t);
  const hash = await hashOf(root);
  await write(root, { 'package-lock.json': lockfile('1.0.0', '2.0.0') });
  await install(root);
  assert.equal(await hashOf(root), hash);
  await write(root, { 'package-lock.json': lockfile('1.0.1', '2.0.0') });
  await install(root);
  assert.notEqual(await hashOf(root), hash);
});

test('the hash of a folder in another language follows every file in it, and what is executable', async (t) => {
  const root = await clone(t);
  const hashes = [await hashOf(root, 'snake')];
  await write(root, { 'jobs/snake/__pycache__/main.pyc': '', 'jobs/snake/.cache': '' });
  assert.equal(await hashOf(root, 'snake'), hashes[0]);
  for (const change of [{ 'jobs/snake/main.py*': sources['jobs/snake/main.py'] }, { 'jobs/snake/new.txt': '' }]) {
    await write(root, change);
    hashes.push(await hashOf(root, 'snake'));
  }
  assert.equal(new Set(hashes).size, 3);
});
