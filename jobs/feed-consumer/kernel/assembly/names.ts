import { byteAt, COLON, HYPHEN, SLASH, UNDERSCORE } from './characters';
import { isSame, LANES } from './scan';

const LONGEST_TAG: u32 = 1024;
/** 2^64 by the golden ratio: multiples of it lie far apart (Knuth, The Art of Computer Programming, 6.4). */
const HASH_FACTOR: u64 = ((0x9e3779b9 as u64) << 32) | 0x7f4a7c15;

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

/** The end of a name that begins here; `end` where it may go on. */
export function endOfName(from: usize, end: usize): usize {
  for (let at = from; at < end; at += LANES) {
    const others = ~i8x16.bitmask(inName(v128.load(at))) & 0xffff;
    if (others !== 0) return min(at + ctz(others), end);
  }
  return end;
}

/** Which bytes may be part of a name. Those of characters beyond ASCII count, where XML allows nearly all of them. */
function inName(lanes: v128): v128 {
  const letters = isWithin(v128.or(lanes, i8x16.splat(0x20)), 0x61, 26);
  // From `-` to `:` lie `.`, `/` and the digits, too.
  const others = v128.andnot(isWithin(lanes, HYPHEN, 14), i8x16.eq(lanes, i8x16.splat(SLASH as i8)));
  const rest = v128.or(i8x16.eq(lanes, i8x16.splat(UNDERSCORE as i8)), i8x16.lt_s(lanes, i8x16.splat(0)));
  return v128.or(v128.or(letters, others), rest);
}

function isWithin(lanes: v128, first: u32, count: u32): v128 {
  return i8x16.lt_u(i8x16.sub(lanes, i8x16.splat(first as i8)), i8x16.splat(count as i8));
}

/** Eight bytes at a time; what lies behind the name does not count. */
export function hashOf(from: usize, length: usize): u32 {
  let hash = length as u64;
  let rest = length;
  let at = from;
  for (; rest > 8; rest -= 8, at += 8) hash = (hash ^ load<u64>(at)) * HASH_FACTOR;
  hash = (hash ^ (load<u64>(at) << (((8 - rest) as u64) << 3))) * HASH_FACTOR;
  return (hash >> 32) as u32;
}

export function isRecordName(name: usize, length: usize): bool {
  if (length < tagLength) return false;
  const local = name + (length - tagLength);
  if (!isSame(local, tag, tagLength)) return false;
  return length === tagLength || (!tagHasColon && byteAt(local - 1) === COLON);
}
