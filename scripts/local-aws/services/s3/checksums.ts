import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../wire/errors.ts';
import { Crc32c, Crc64Nvme } from './crc.ts';
import { notImplemented } from './errors.ts';

interface Hasher {
  update(chunk: Uint8Array): unknown;
  digest(): Buffer;
}

class Crc32 {
  #crc = 0;

  update(chunk: Uint8Array): void {
    this.#crc = crc32(chunk, this.#crc);
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(this.#crc);
    return out;
  }
}

const hashers = {
  CRC32: () => new Crc32(),
  CRC32C: () => new Crc32c(),
  CRC64NVME: () => new Crc64Nvme(),
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
  SHA512: () => createHash('sha512'),
} satisfies Record<string, () => Hasher>;

export type Algorithm = keyof typeof hashers;
/** `value` is base64; of a multipart object with a composite checksum it ends in `-<number of parts>`. */
export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
  readonly type: 'COMPOSITE' | 'FULL_OBJECT';
}
type ChecksumMembers = { [A in Algorithm as `Checksum${A}`]?: string | undefined };
/** What a request may say about the bytes that it brings. */
export interface Declared extends ChecksumMembers {
  readonly ChecksumAlgorithm?: string | undefined;
  readonly ContentMD5?: string | undefined;
  readonly ContentLength?: number | undefined;
  /** Where a checksum comes that the client computes while it sends; filled by the end of the body. */
  readonly trailers?: ReadonlyMap<string, string>;
}

const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(hashers, name);
const algorithms = Object.keys(hashers).filter(isAlgorithm);
const memberOf = <A extends Algorithm>(algorithm: A) => `Checksum${algorithm}` as const;

/** @throws AwsError NotImplemented for the algorithms that nobody's default is (XXHASH and the like). */
export function algorithmNamed(name: string | undefined): Algorithm | undefined {
  if (name === undefined || isAlgorithm(name)) return name;
  throw notImplemented('x-amz-sdk-checksum-algorithm');
}

/** The algorithm of the checksum that a request carries or announces: the header has it, or a trailer will. */
export const algorithmOf = (declared: Declared): Algorithm | undefined =>
  algorithms.find((algorithm) => declared[memberOf(algorithm)] !== undefined) ??
  algorithmNamed(declared.ChecksumAlgorithm);

/** A checksum as the member that S3 answers it in: `{ ChecksumCRC32: '…' }`. */
export function checksumMembers(checksum: Checksum | undefined): ChecksumMembers {
  const members: ChecksumMembers = {};
  if (checksum) members[memberOf(checksum.algorithm)] = checksum.value;
  return members;
}

export const declaredChecksum = (declared: ChecksumMembers, algorithm: Algorithm): string | undefined =>
  declared[memberOf(algorithm)];

/** Hashes a body while it passes: always MD5, for the ETag, and one checksum when the request asks for it. */
export class Digest {
  readonly algorithm: Algorithm | undefined;
  size = 0;
  readonly #md5 = createHash('md5');
  readonly #hasher: Hasher | undefined;

  constructor(algorithm?: Algorithm) {
    this.algorithm = algorithm;
    this.#hasher = algorithm && hashers[algorithm]();
  }

  update(chunk: Uint8Array): void {
    this.size += chunk.length;
    this.#md5.update(chunk);
    this.#hasher?.update(chunk);
  }

  finish(): { readonly md5: Buffer; readonly checksum: Checksum | undefined } {
    const value = this.#hasher?.digest().toString('base64');
    const checksum: Checksum | undefined =
      this.algorithm && value !== undefined ? { algorithm: this.algorithm, value, type: 'FULL_OBJECT' } : undefined;
    return { md5: this.#md5.digest(), checksum };
  }
}

/** @throws AwsError InvalidDigest or BadDigest when the bytes are not those the request spoke of. */
export function verifyDigest(declared: Declared, found: ReturnType<Digest['finish']>): void {
  if (declared.ContentMD5 !== undefined) {
    const expected = Buffer.from(declared.ContentMD5, 'base64');
    if (expected.length !== found.md5.length)
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    if (!expected.equals(found.md5))
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (found.checksum === undefined) return;
  const { algorithm, value } = found.checksum;
  const expected = declared[memberOf(algorithm)] ?? declared.trailers?.get(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (expected !== undefined && expected !== value)
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** The checksum of checksums that S3 gives a multipart object unless a full one was asked for. */
export function compositeChecksum(algorithm: Algorithm, parts: readonly Checksum[]): Checksum {
  const hasher: Hasher = hashers[algorithm]();
  for (const part of parts) hasher.update(Buffer.from(part.value, 'base64'));
  return { algorithm, value: `${hasher.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}
