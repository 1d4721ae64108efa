/**
 * Stands in the place of scripts/build/kept-bundles.ts in what is built for tests. There are thirty processes that need
 * the bundles of the jobs and the Lambdas, and each would take a second of CPU to make them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ofProcess from '../../scripts/build/kept-bundles.ts';

/** The folder that they are kept in: build.ts puts its path here. */
declare const bundleFolder: string;

const fileOf = (entry: string): string =>
  join(bundleFolder, `${createHash('sha256').update(entry).digest('hex')}.bundle`);

/** When it was begun, the paths of all files that went into it, a line each, a zero byte, and the bundle. */
interface Shared {
  readonly contents: Uint8Array;
  readonly paths: readonly string[];
  readonly begun: number;
}

function readShared(entry: string): Shared | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fileOf(entry));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const end = bytes.indexOf(0);
  const [begun, ...paths] = bytes.toString('utf8', 0, end).split('\n');
  return { contents: bytes.subarray(end + 1), paths, begun: Number(begun) };
}

export function keptBundle(entry: string): Uint8Array | undefined {
  const own = ofProcess.keptBundle(entry);
  if (own !== undefined) return own;
  const shared = readShared(entry);
  return shared && ofProcess.keepBundle(entry, shared.contents, shared.paths, shared.begun);
}

export function keepBundle(entry: string, contents: Uint8Array, paths: readonly string[], begun: number): void {
  if (ofProcess.keepBundle(entry, contents, paths, begun) === undefined) return;
  mkdirSync(bundleFolder, { recursive: true });
  const unfinished = `${fileOf(entry)}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([Buffer.from(`${[begun, ...paths].join('\n')}\0`), contents]));
  renameSync(unfinished, fileOf(entry));
}
