import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Compiles by each of its arguments, a JSON of flags. `asc` starts a Node in a Node for each, which takes half of the time. */
const compiler = `
  import { main } from 'assemblyscript/asc';
  for (const flags of process.argv.slice(1)) {
    const { error } = await main(JSON.parse(flags), process);
    if (error !== null) throw error;
  }
`;

/** The folders of `jobs` that hold a kernel in AssemblyScript. */
async function kernelFolders(): Promise<readonly string[]> {
  const files = await readdir('jobs', { recursive: true });
  return files.filter((file) => file.endsWith('asconfig.json')).map((file) => join('jobs', dirname(file)));
}

test('each kernel that is committed is what its sources make', async () => {
  const folders = await kernelFolders();
  assert.ok(folders.includes('jobs/xml/kernel'), folders.join(', '));
  const directory = await mkdtemp(join(tmpdir(), 'kernels-'));
  try {
    const builtOf = (folder: string): string => join(directory, `${folder.replaceAll('/', '-')}.wasm`);
    const runs = folders.map((folder) =>
      JSON.stringify(['--config', join(folder, 'asconfig.json'), '--target', 'release', '--outFile', builtOf(folder)]),
    );
    await run(process.execPath, ['--input-type=module', '--eval', compiler, ...runs]);
    for (const folder of folders) {
      const committed = (await readdir(folder)).filter((file) => file.endsWith('.wasm'));
      assert.equal(committed.length, 1, `${folder} holds ${committed.join(', ')}`);
      const isSame = (await readFile(builtOf(folder))).equals(await readFile(join(folder, committed[0] ?? '')));
      assert.ok(isSame, `${folder}/${committed[0]} is not what its sources make; run npm run kernel`);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
