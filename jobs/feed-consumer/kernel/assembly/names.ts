import { byteAt, COLON, isInName } from './characters';
import { isSame } from './scan';

const LONGEST_TAG: u32 = 1024;
const HASH_BEGIN: u32 = 0x811c9dc5;
const HASH_FACTOR: u32 = 0x01000193;

/** The hash of the name that was read last. */
export let nameHash: u32 = 0;

/** The name of the elements that are records. */
const tag = memory.data(LONGEST_TAG);
let tagLength: usize = 0;
/** A tag without a colon also means elements that have it behind a prefix. */
let tagHasColon: bool = false;

/** Where the host writes the tag before it declares it. */
export function tagAddress(): usize {
  return tag;
}

export function declareTag(length: u32): void {
  tagLength = length;
  tagHasColon = false;
  for (let at: usize = 0; at < tagLength; at++) if (byteAt(tag + at) === COLON) tagHasColon = true;
}

/** Reads a name, FNV-1a over its bytes, and gives its end; `end` where the name may go on. */
export function readName(from: usize, end: usize): usize {
  let hash = HASH_BEGIN;
  let at = from;
  while (at < end) {
    const byte = byteAt(at);
    if (!isInName(byte)) break;
    hash = (hash ^ byte) * HASH_FACTOR;
    at++;
  }
  nameHash = hash;
  return at;
}

export function hashOf(from: usize, length: usize): u32 {
  readName(from, from + length);
  return nameHash;
}

export function isRecordName(name: usize, length: usize): bool {
  if (length < tagLength) return false;
  const local = name + (length - tagLength);
  if (!isSame(local, tag, tagLength)) return false;
  return length === tagLength || (!tagHasColon && byteAt(local - 1) === COLON);
}
