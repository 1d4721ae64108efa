import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { type ContainerSpec, startContainer } from '../../../scripts/local-aws/runtime/container.ts';
import type { UnpackedImage } from '../../../scripts/local-aws/world.ts';

async function imageOf(context: TestContext, files: Readonly<Record<string, string>>): Promise<UnpackedImage> {
  const root = await mkdtemp(join(tmpdir(), 'baton-image-'));
  context.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), 0o755);
  }
  return { root, entrypoint: [], command: [], environment: { PATH: '/tools' }, workingDirectory: '/app' };
}

async function run(image: UnpackedImage, command: readonly string[], change: Partial<ContainerSpec> = {}) {
  const lines: string[] = [];
  const directory = join(image.root, '..', `${image.root.split('/').at(-1)}-work`);
  const spec = {
    name: 'test',
    command,
    environment: {},
    memoryMiB: 512,
    onLines: (more: readonly string[]) => lines.push(...more),
  };
  const container = await startContainer(image, { ...spec, ...change }, directory);
  const exit = await container.exited;
  await assert.rejects(stat(directory), { code: 'ENOENT' });
  return { lines, exit };
}

test('programs and paths of the image are found in its folder', async (context) => {
  const image = await imageOf(context, { 'tools/hello': '#!/bin/sh\ncat "$1"\n', 'app/text': 'from the image' });
  assert.deepEqual((await run(image, ['hello', '/app/text'])).lines, ['from the image']);
  assert.deepEqual((await run(image, ['/tools/hello', './text'])).lines, ['from the image']);
});

test('a process finds the files of the working directory where it works, and can write beside them', async (context) => {
  const image = await imageOf(context, {
    'app/main.sh': '. ./lib/say.sh; cat words > copy; say',
    'app/words': 'words',
  });
  await mkdir(join(image.root, 'app/lib'));
  await writeFile(join(image.root, 'app/lib/say.sh'), 'say() { cat copy; }');
  assert.deepEqual((await run(image, ['sh', 'main.sh'])).lines, ['words']);
  await assert.rejects(stat(join(image.root, 'app/copy')), { code: 'ENOENT' });
  assert.equal((await stat(join(image.root, 'app/words'))).size, 5);
});

test('what the image does not hold is the machine’s, and node is the Node that runs this', async (context) => {
  const image = await imageOf(context, { 'app/main.mjs': 'console.log(process.execPath)' });
  assert.deepEqual((await run(image, ['node', '/app/main.mjs'])).lines, [process.execPath]);
  assert.deepEqual((await run(image, ['sh', '-c', 'echo $0 ok', 'sh'])).lines, ['sh ok']);
});

test('a program that is nowhere cannot be started, and neither can nothing', async (context) => {
  const image = await imageOf(context, {});
  await assert.rejects(run(image, ['no-such-program']), /CannotStartContainerError: exec: "no-such-program"/);
  await assert.rejects(run(image, []), /CannotStartContainerError: no command specified/);
  const environment = { TOO_LONG: 'x'.repeat(10_000_000) };
  await assert.rejects(run(image, ['true'], { environment }), /CannotStartContainerError: spawn E2BIG/);
  const spec = { name: 'test', command: ['true'], environment: {}, memoryMiB: 512, onLines: () => undefined };
  const impossible = startContainer(image, spec, join(image.root, 'x'.repeat(300)));
  await assert.rejects(impossible, {
    name: 'ContainerStartError',
    message: /^CannotStartContainerError: ENAMETOOLONG/,
  });
});

test('the memory of children counts', async (context) => {
  const image = await imageOf(context, {});
  const child = 'const held = Buffer.alloc(300 << 20, 1); setInterval(() => held, 1e6)';
  const code = `const { spawn } = require('node:child_process'); for (const _ of [1, 2]) spawn(process.execPath, ['-e', ${JSON.stringify(child)}])`;
  const { exit } = await run(image, ['node', '-e', code]);
  assert.deepEqual(exit, { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' });
});
