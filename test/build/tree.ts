import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** Writes files below a temporary folder that goes with the test, and returns the folder. */
export async function treeOf(test: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'baton-tree-'));
  test.after(() => rm(root, { recursive: true }));
  await write(root, { 'package.json': '{"type":"module"}', ...files });
  return root;
}

/** A name that ends in `*` becomes an executable without it. */
export async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name.replace(/\*$/, ''));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    if (name.endsWith('*')) await chmod(path, 0o755);
  }
}
