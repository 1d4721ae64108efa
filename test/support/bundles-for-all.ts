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

/** The stamps of all files that went into it, by their paths, a zero byte, and the bundle. */
function readShared(
  entry: string,
): { readonly stamps: ReadonlyMap<string, string>; readonly contents: Uint8Array } | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fileOf(entry));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const end = bytes.indexOf(0);
  const lines = bytes.toString('utf8', 0, end).split('\n');
  const stamps = lines.map((line): [string, string] => {
    const [path = '', stamp = ''] = line.split('\t');
    return [path, stamp];
  });
  return { stamps: new Map(stamps), contents: bytes.subarray(end + 1) };
}

export function keptBundle(entry: string): Uint8Array | undefined {
  const own = ofProcess.keptBundle(entry);
  if (own !== undefined) return own;
  const shared = readShared(entry);
  if (shared === undefined) return undefined;
  ofProcess.keepStamped(entry, shared);
  return ofProcess.keptBundle(entry);
}

export function keepBundle(entry: string, contents: Uint8Array, paths: readonly string[], begun: number): void {
  const stamps = ofProcess.stampsOf(paths, begun);
  if (stamps === undefined) return;
  ofProcess.keepStamped(entry, { stamps, contents });
  mkdirSync(bundleFolder, { recursive: true });
  const lines = [...stamps].map((line) => line.join('\t')).join('\n');
  const unfinished = `${fileOf(entry)}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([Buffer.from(`${lines}\0`), contents]));
  renameSync(unfinished, fileOf(entry));
}
