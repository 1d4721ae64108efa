import assert from 'node:assert/strict';
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { bundle } from '../../scripts/build/bundle.ts';
import { keepBundle, keptBundle } from '../../scripts/build/kept-bundles.ts';
import { treeOf } from './tree.ts';

const files = {
  'package.json': '{"type":"module"}',
  'main.ts':
    "import { greeting } from './greeting.ts';\nimport bytes from './some.wasm.ts';\nimport { print } from 'printer';\nprint(greeting, bytes);\n",
  'greeting.ts': "export const greeting = 'hello';\n",
  'some.wasm.ts': 'export default new Uint8Array();\n',
  'some.wasm': 'one',
  'node_modules/printer/package.json': '{"name":"printer","type":"module","exports":"./index.js"}',
  'node_modules/printer/index.js': 'export const print = console.log;\n',
  'node_modules/printer/other.js': 'export const print = console.error;\n',
};

/** Bundles until the bundle is kept: right after a change of one of its files it is not. */
async function settled(entry: string): Promise<Uint8Array> {
  let last = await bundle(entry);
  for (let next = await bundle(entry); next !== last; next = await bundle(entry)) {
    assert.deepEqual(next, last);
    last = next;
  }
  return last;
}

test('what was bundled is bundled again when anything that went into it has changed', async (t) => {
  const root = await treeOf(t, files);
  const entry = join(root, 'main.ts');
  const changes = {
    'greeting.ts': "export const greeting = 'hullo';\n",
    'some.wasm': 'two',
    'node_modules/printer/index.js': 'export const print = console.info;\n',
    'node_modules/printer/package.json': '{"name":"printer","type":"module","exports":"./other.js"}',
    'main.ts': 'console.log(1);\n',
  };
  for (const [path, text] of Object.entries(changes)) {
    const last = await settled(entry);
    await writeFile(join(root, path), text);
    // Also when its time is said to be what it was.
    await utimes(join(root, path), 1, 1);
    assert.notDeepEqual(await bundle(entry), last, path);
  }
});

test('a bundle is not kept that was begun before one of its files had its last change, or loses one', async (t) => {
  const file = join(await treeOf(t, files), 'main.ts');
  const { ctimeMs } = await stat(file);
  const contents = Buffer.from('bundle');
  keepBundle(file, contents, [file], ctimeMs - 1);
  assert.equal(keptBundle(file), undefined);
  keepBundle(file, contents, [file, `${file}.gone`], ctimeMs + 1_000);
  assert.equal(keptBundle(file), undefined);
  keepBundle(file, contents, [file], ctimeMs + 1_000);
  assert.equal(keptBundle(file), contents);
  await rm(file);
  assert.equal(keptBundle(file), undefined);
});
