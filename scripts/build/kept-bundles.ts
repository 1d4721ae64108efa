import { type BigIntStats, statSync } from 'node:fs';

interface Kept {
  readonly contents: Uint8Array;
  /** Of every file that went into it. */
  readonly stamps: ReadonlyMap<string, string>;
}

const kept = new Map<string, Kept>();

const statOf = (path: string): BigIntStats | undefined => statSync(path, { bigint: true, throwIfNoEntry: false });

/** Whoever writes a file or puts another in its place changes this; the time of its last change cannot be set by hand. */
const stampOf = ({ dev, ino, size, ctimeNs }: BigIntStats): string => [dev, ino, size, ctimeNs].join(' ');

const isSame = ([path, stamp]: readonly [string, string]): boolean => {
  const stat = statOf(path);
  return stat !== undefined && stampOf(stat) === stamp;
};

/** What this process bundled before from a file, unless anything that went into it has changed. */
export function keptBundle(file: string): Uint8Array | undefined {
  const known = kept.get(file);
  return known !== undefined && [...known.stamps].every(isSame) ? known.contents : undefined;
}

/**
 * Stamps of the files that went into a bundle. `undefined` if one of them is gone, or has changed since `begun`, in
 * milliseconds since 1970: it may have been read before that.
 */
function stampsOf(paths: readonly string[], begun: number): ReadonlyMap<string, string> | undefined {
  const stamps = new Map<string, string>();
  for (const path of paths) {
    const stat = statOf(path);
    // The system's clock for files may lag some milliseconds behind.
    if (stat === undefined || Number(stat.ctimeNs / 1_000_000n) >= begun - settled) return undefined;
    stamps.set(path, stampOf(stat));
  }
  return stamps;
}

const settled = 50;

/**
 * Keeps a bundle for as long as the process lives: reconcile and tests ask for the same ones again and again. Returns
 * it; `undefined`: it was not kept, for it may be of files that are others by now.
 */
export function keepBundle(
  file: string,
  contents: Uint8Array,
  paths: readonly string[],
  begun: number,
): Uint8Array | undefined {
  const stamps = stampsOf(paths, begun);
  if (stamps === undefined) return undefined;
  kept.set(file, { contents, stamps });
  return contents;
}
