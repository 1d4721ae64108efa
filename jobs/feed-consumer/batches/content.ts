import { createReadStream } from 'node:fs';
import { BufferSweep } from '../../process/buffer-sweep.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';

/** NDJSON in memory; or a record that is too large for that, with the newline behind it, in a file. */
export type Content =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly length: number };

/** So much is handed on at once: a connection that is encrypted copies what waits. */
const pieceBytes = 256 * 1024;

/** Bytes of memory that it takes. */
export const sizeInMemory = (content: Content): number => (content.kind === 'memory' ? content.bytes.length : 0);

/** The bytes from `start` up to `end`. Throws JobError where their file cannot be read: no service is to blame for that. */
export async function* piecesOf(content: Content, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (content.kind === 'file') {
    const sweep = new BufferSweep();
    try {
      for await (const piece of createReadStream(content.path, { start, end: end - 1, highWaterMark: pieceBytes })) {
        yield piece;
        sweep.passed(piece.length);
      }
    } catch (error) {
      throw new JobError(`reading a large record from ${content.path}: ${reasonOf(error)}`);
    }
  } else
    for (let at = start; at < end; at += pieceBytes) yield content.bytes.subarray(at, Math.min(at + pieceBytes, end));
}

/** All of these bytes, or the first `most` of them. */
export async function bytesOf(content: Content, start: number, end: number, most: number): Promise<Uint8Array> {
  const last = Math.min(end, start + most);
  if (content.kind === 'memory') return content.bytes.subarray(start, last);
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(content, start, last)) pieces.push(piece);
  return Buffer.concat(pieces);
}
