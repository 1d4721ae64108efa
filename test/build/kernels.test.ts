import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const kernels = [
  ['jobs/feed-consumer/kernel', 'kernel.wasm'],
  ['jobs/xml/kernel', 'wellformed.wasm'],
] as const;

for (const [folder, module] of kernels)
  test(`${folder}/${module} is what its sources are compiled to, byte for byte`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'kernel-'));
    try {
      const built = join(directory, module);
      const compiler = 'node_modules/assemblyscript/bin/asc.js';
      const args = [compiler, '--config', `${folder}/asconfig.json`, '--target', 'release', '--outFile', built];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const isSame = readFileSync(built).equals(readFileSync(join(folder, module)));
      assert.ok(isSame, `${folder}/${module} is not what its sources give; run npm run kernel`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
