import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { bundle } from './bundle.ts';

export interface LambdaZip {
  readonly zip: Uint8Array;
  /** Base64 SHA-256 of the zip: what Lambda reports as `CodeSha256` once it has taken it. */
  readonly codeSha256: string;
}

/**
 * The deployment package of `<folder>/handler.ts`: `index.mjs` (its `Handler` is `index.handler`) and, as text, whatever
 * `extraFiles` names. The same sources and files give the same bytes, whoever builds them, wherever and whenever.
 */
export async function lambdaZip(folder: string, extraFiles: Readonly<Record<string, string>> = {}): Promise<LambdaZip> {
  const code = await bundle(join(folder, 'handler.ts'));
  const extra = Object.entries(extraFiles).map(([name, text]) => [name, strToU8(text)] as const);
  const zip = reproducibleZip([['index.mjs', code], ...extra]);
  return { zip, codeSha256: createHash('sha256').update(zip).digest('base64') };
}

/**
 * fflate rather than node:zlib, whose output changes with the version of Node. The time has no zone: zip stores local
 * time. Unix attributes (`os` 3) make the files readable to the user that Lambda runs code as.
 */
function reproducibleZip(files: readonly (readonly [name: string, content: Uint8Array])[]): Uint8Array {
  const attributes = { mtime: '1980-01-01T00:00:00', os: 3, attrs: 0o100644 << 16 };
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries: Zippable = {};
  for (const [name, content] of sorted) entries[name] = [content, attributes];
  return zipSync(entries);
}
