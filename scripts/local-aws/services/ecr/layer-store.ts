import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Bytes of layers and image configurations: in files, never in memory. */
export interface LayerStore {
  begin(): Promise<string>;
  /** Bytes that an upload holds so far; `undefined` when there is no such upload. */
  received(uploadId: string): number | undefined;
  append(uploadId: string, part: Uint8Array): Promise<void>;
  /** The digest of what was uploaded, `sha256:` and hex. */
  digest(uploadId: string): Promise<string>;
  /** Ends an upload: its bytes are found under their digest from now on. */
  keep(uploadId: string, digest: string): Promise<void>;
  path(digest: string): string;
}

export function createLayerStore(directory: string): LayerStore {
  const uploads = new Map<string, number>();
  const uploadPath = (id: string): string => join(directory, 'uploads', id);
  const path = (digest: string): string => join(directory, 'layers', digest.replace(':', '-'));
  return {
    async begin() {
      await mkdir(join(directory, 'uploads'), { recursive: true });
      await mkdir(join(directory, 'layers'), { recursive: true });
      const id = randomUUID();
      uploads.set(id, 0);
      return id;
    },
    received: (id) => uploads.get(id),
    async append(id, part) {
      uploads.set(id, (uploads.get(id) ?? 0) + part.length);
      await appendFile(uploadPath(id), part);
    },
    async digest(id) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(uploadPath(id)), hash);
      return `sha256:${hash.digest('hex')}`;
    },
    async keep(id, digest) {
      uploads.delete(id);
      if (await exists(path(digest))) await rm(uploadPath(id));
      else await rename(uploadPath(id), path(digest));
    },
    path,
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
