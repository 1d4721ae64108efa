import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const makeReadOnlyFolder = `
  import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
  mkdirSync('made/inner/innermost', { recursive: true });
  writeFileSync('made/inner/file', '');
  for (const folder of ['made/inner/innermost', 'made/inner', 'made']) chmodSync(folder, 0o500);
`;
const module = JSON.stringify(new URL('../../../scripts/local-aws/runtime/folder-removal.ts', import.meta.url).href);
const remove = `const { removeFolder } = await import(${module}); await removeFolder('made'); await removeFolder('made');`;

test('a folder goes with the read-only folders in it, and one that is not there counts as gone', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'baton-folder-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o777);
  // Root may do everything, so that the test asks somebody else.
  const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const loader = import.meta.resolve('tsx/esm');
  const args = ['--import', loader, '--input-type=module', '-e', makeReadOnlyFolder + remove];
  const env = { ...process.env, HOME: directory, TMPDIR: directory };
  const child = spawn(process.execPath, args, { ...other, cwd: directory, env, stdio: 'inherit' });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(existsSync(join(directory, 'made')), false);
});
