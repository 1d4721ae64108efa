import type { StoredBody } from './bodies.ts';
import type { Checksum } from './checksums.ts';
import type { ContentHeaders } from './content.ts';

/** A version as it lies in a bucket; in a bucket without versioning the only one, its id `null`. */
export interface ObjectVersion extends ContentHeaders {
  readonly kind: 'object';
  readonly key: string;
  readonly versionId: string;
  /** Whole seconds: S3 keeps no more. */
  readonly lastModified: Date;
  readonly body: StoredBody;
  /** Hexadecimal, without quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  /** Sizes of the parts in order, of an object that was uploaded in parts. */
  readonly partSizes: readonly number[] | undefined;
}

interface DeleteMarker {
  readonly kind: 'marker';
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
}

export type Version = ObjectVersion | DeleteMarker;

/** A conditional write on its way; `deleted` once somebody deleted the key in the meantime. */
export interface PendingWrite {
  readonly key: string;
  deleted: boolean;
}

/** S3 lists in the order of UTF-8 bytes. UTF-16 has that order too but for surrogates, which must come after U+FFFF. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Where `key` is in the sorted keys, or would be. */
export function positionOf(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The objects of a bucket. Every method is synchronous, so whatever is checked before a change still holds at the change. */
export class ObjectIndex {
  readonly #keys: string[] = [];
  /** Newest first; never empty. */
  readonly #versions = new Map<string, readonly Version[]>();
  readonly #pending = new Set<PendingWrite>();

  /** Sorted; also keys whose latest version is a delete marker. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  latest(key: string): Version | undefined {
    return this.versionsOf(key)[0];
  }

  latestObject(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.kind === 'object' ? latest : undefined;
  }

  find(key: string, versionId: string): Version | undefined {
    return this.versionsOf(key).find((version) => version.versionId === versionId);
  }

  /** Adds the newest version; the version `null` exists once, so a new one takes the place of the old one. */
  add(version: Version): void {
    const before = this.versionsOf(version.key);
    const replaced = version.versionId === 'null' ? before.find((each) => each.versionId === 'null') : undefined;
    if (before.length === 0) this.#keys.splice(positionOf(this.#keys, version.key), 0, version.key);
    this.#versions.set(version.key, [version, ...before.filter((each) => each !== replaced)]);
    if (version.kind === 'marker') this.#markDeleted(version.key);
    dropBody(replaced);
  }

  remove(version: Version): void {
    const rest = this.versionsOf(version.key).filter((each) => each !== version);
    if (rest.length > 0) this.#versions.set(version.key, rest);
    else {
      this.#versions.delete(version.key);
      this.#keys.splice(positionOf(this.#keys, version.key), 1);
    }
    this.#markDeleted(version.key);
    dropBody(version);
  }

  beginWrite(key: string): PendingWrite {
    const pending = { key, deleted: false };
    this.#pending.add(pending);
    return pending;
  }

  endWrite(pending: PendingWrite): void {
    this.#pending.delete(pending);
  }

  #markDeleted(key: string): void {
    for (const pending of this.#pending) if (pending.key === key) pending.deleted = true;
  }
}

function dropBody(version: Version | undefined): void {
  if (version?.kind === 'object') version.body.drop();
}
