import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { gunzipSync } from 'fflate';
import { unpackTar } from 'modern-tar';
import { jobImage } from '../../scripts/build/job-image.ts';
import { treeOf, write } from './tree.ts';

const sources = {
  'jobs/hello/Dockerfile':
    'FROM node:24-slim\nENV NODE_ENV=production\nCOPY main.mjs /app/main.mjs\nENTRYPOINT ["node", "/app/main.mjs"]\n',
  'jobs/hello/main.ts': "import { greeting } from '../words/greeting.ts';\nconsole.log(greeting satisfies string);\n",
  'jobs/words/greeting.ts': "export const greeting = 'hello';\n",
  'jobs/words/unused.ts': 'export const unused = 1;\n',
};
const python = {
  'jobs/snake/Dockerfile': 'FROM python:3-slim\nWORKDIR /app\nCOPY . ./\nENTRYPOINT ["python3", "main.py"]\n',
  'jobs/snake/job.yaml': 'process: [python3, main.py]\n',
  'jobs/snake/main.py': "print('hello')\n",
  'jobs/snake/tools/run.sh*': '#!/bin/sh\n',
};

const imageIn = (root: string, name = 'hello') => jobImage(join(root, 'jobs', name));
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const readJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

test('an image is a layer with the bundle, a config that says how to start it, and a manifest with their digests', async (t) => {
  const { config, layer, manifest } = await (await imageIn(await treeOf(t, sources))).layer();
  const tar = gunzipSync(layer.bytes);
  const entries = await unpackTar(tar);
  assert.deepEqual(
    entries.map(({ header }) => header.name),
    ['app/', 'app/main.mjs'],
  );
  assert.match(Buffer.from(entries[1]?.data ?? []).toString(), /hello/);
  assert.deepEqual(readJson(config.bytes), {
    architecture: 'amd64',
    os: 'linux',
    created: '1980-01-01T00:00:00Z',
    config: {
      Entrypoint: ['node', '/app/main.mjs'],
      Env: ['NODE_ENV=production'],
      WorkingDir: '/app',
      Labels: { 'baton.process': 'true' },
    },
    rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
  });
  assert.deepEqual(readJson(manifest.bytes), {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: config.bytes.length,
      digest: sha256(config.bytes),
    },
    layers: [
      {
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        size: layer.bytes.length,
        digest: sha256(layer.bytes),
      },
    ],
  });
});

test('what a Dockerfile gives Node is given to the process without a container, too', async (t) => {
  const dockerfile = 'FROM node:24-slim\nENTRYPOINT ["node", "--one=1", "--two", "/app/main.mjs"]\n';
  const entrypointOf = async (content: string): Promise<string> => {
    const image = await imageIn(await treeOf(t, { ...sources, 'jobs/hello/Dockerfile': content }));
    return JSON.stringify(readJson((await image.layer()).config.bytes));
  };
  assert.match(await entrypointOf(dockerfile), /"Entrypoint":\["node","--one=1","--two","\/app\/main.mjs"\]/);
  assert.match(
    await entrypointOf('FROM x\nENTRYPOINT ["node", "/app/main.mjs"]'),
    /"Entrypoint":\["node","\/app\/main.mjs"\]/,
  );
  const byPath =
    'FROM x AS y\nENTRYPOINT ["sh"]\nFROM y\nENTRYPOINT [ "/nodejs/bin/node", "--one=a,b", "/app/main.mjs" ]';
  assert.match(await entrypointOf(byPath), /"Entrypoint":\["node","--one=a,b","\/app\/main.mjs"\]/);
  for (const start of [
    'ENTRYPOINT node /app/main.mjs',
    'ENTRYPOINT ["node" "/app/main.mjs"]',
    'CMD ["node", "/app/main.mjs"]',
    '',
  ])
    await assert.rejects(entrypointOf(`FROM x\n${start}`), /ENTRYPOINT must be \["node", flags …/);
});

test('a bundle holds the bytes of WebAssembly modules', async (t) => {
  const root = await treeOf(t, {
    ...sources,
    'jobs/words/greeting.ts': "import bytes from './small.wasm.ts';\nexport const greeting = String(bytes.length);\n",
    'jobs/words/small.wasm.ts': "throw new Error('read from disk');\nexport default new Uint8Array();\n",
    'jobs/words/small.wasm': 'not really a module',
  });
  const { layer } = await (await imageIn(root)).layer();
  const [, main] = await unpackTar(gunzipSync(layer.bytes));
  const bundle = Buffer.from(main?.data ?? []).toString();
  assert.ok(bundle.includes(Buffer.from('not really a module').toString('base64').replaceAll('=', '')));
  assert.ok(!bundle.includes('read from disk'));
});

test('a folder in another language is taken as it is, without what a run leaves behind', async (t) => {
  const root = await treeOf(t, python);
  const image = await imageIn(root, 'snake');
  await write(root, { 'jobs/snake/__pycache__/main.pyc': 'bytes', 'jobs/snake/.cache': '' });
  assert.equal((await imageIn(root, 'snake')).tag, image.tag);
  const { config, layer } = await image.layer();
  const entries = await unpackTar(gunzipSync(layer.bytes));
  const modes = entries.map(({ header }) => [header.name, header.mode?.toString(8)]);
  assert.deepEqual(modes, [
    ['app/', '755'],
    ['app/tools/', '755'],
    ['app/job.yaml', '644'],
    ['app/main.py', '644'],
    ['app/tools/run.sh', '755'],
  ]);
  assert.match(JSON.stringify(readJson(config.bytes)), /"Entrypoint":\["python3","main.py"\]/);
});

test('a folder that is no job says what it lacks', async (t: TestContext) => {
  const root = await treeOf(t, {
    'jobs/bare/Dockerfile': 'FROM scratch\n',
    'jobs/nothing/main.ts': '',
    'jobs/text/Dockerfile': '',
    'jobs/idle/Dockerfile': 'FROM python:3\nCMD ["python3", "main.py"]\n',
    'jobs/idle/job.yaml': 'process: [python3, main.py]\n',
    'jobs/other/Dockerfile': 'FROM python:3\nENTRYPOINT ["python3", "other.py"]\n',
    'jobs/other/job.yaml': 'process: [python3, main.py]\n',
    'jobs/same/Dockerfile': 'FROM python:3\nENTRYPOINT ["/usr/bin/python3", "/app/main.py"]\n',
    'jobs/same/job.yaml': 'process: [python3, ./main.py]\n',
    'jobs/text/job.yaml': 'process: python3 main.py\n',
    'jobs/legacy/Dockerfile': 'ENV NAME value\nENTRYPOINT ["node", "/app/main.mjs"]\n',
    'jobs/legacy/main.ts': '',
  });
  await assert.rejects(imageIn(root, 'bare'), /jobs\/bare: it has neither main\.ts nor job\.yaml/);
  await assert.rejects(imageIn(root, 'nothing'), /jobs\/nothing: it has no Dockerfile/);
  await assert.rejects(imageIn(root, 'text'), /job\.yaml: "process" must be a list of strings/);
  await assert.rejects(imageIn(root, 'legacy'), /"ENV NAME value" must be ENV NAME=value, without quotes/);
  const itsEntrypoint = /its ENTRYPOINT must be \["python3","main.py"\], as "process" in job.yaml is/;
  for (const name of ['idle', 'other']) await assert.rejects(imageIn(root, name), itsEntrypoint);
  await imageIn(root, 'same');
});
