import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { unzipSync } from 'fflate';
import { removeFolder } from '../../runtime/folder-removal.ts';
import type { Code } from './function.ts';
import { invalid } from './settings.ts';

/** Deployment packages, each unpacked to a read-only folder of its own for as long as the embedded AWS runs. */
export class CodeStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Throws InvalidParameterValueException when the package is no zip, or reaches out of its folder. */
  unpack(zip: Uint8Array): Code {
    const files = Object.entries(readZip(zip)).filter(([name]) => !name.endsWith('/'));
    const folder = join(this.#directory, randomUUID(), 'task');
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of files) {
      const path = join(folder, name);
      if (relative(folder, path).startsWith('..')) throw notAZip();
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: 0o444 });
    }
    for (const each of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (each.isDirectory()) chmodSync(join(each.parentPath, each.name), 0o555);
    chmodSync(folder, 0o555);
    return { sha256: createHash('sha256').update(zip).digest('base64'), size: zip.length, folder };
  }

  removeAll(): Promise<void> {
    return removeFolder(this.#directory);
  }
}

function readZip(zip: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(zip);
  } catch {
    throw notAZip();
  }
}

const notAZip = () => invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
