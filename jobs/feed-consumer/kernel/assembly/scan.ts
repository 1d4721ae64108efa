import { isSpace, LINE_FEED } from './characters';

/** Bytes of one SIMD register. Every region has as many to spare behind it, since loads and stores run over its end. */
export const LANES: usize = 16;

/** Bytes that are looked at in one step where nothing is expected near by. */
const STRIDE: usize = 4 * LANES;

/** The first place of a byte from `from` on; `end` where there is none before it. */
export function find(from: usize, end: usize, byte: u32): usize {
  const sought = i8x16.splat(byte as i8);
  for (let at = from; at < end; at += LANES) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(at), sought));
    if (hits !== 0) return min(at + ctz(hits), end);
  }
  return end;
}

/** The same, for what is far away as a rule. */
export function findFar(from: usize, end: usize, byte: u32): usize {
  const sought = i8x16.splat(byte as i8);
  let at = from;
  while (at + STRIDE <= end && !isInStride(at, sought)) at += STRIDE;
  return find(at, end, byte);
}

function isInStride(at: usize, sought: v128): bool {
  const first = v128.or(i8x16.eq(v128.load(at), sought), i8x16.eq(v128.load(at, LANES), sought));
  const second = v128.or(i8x16.eq(v128.load(at, 2 * LANES), sought), i8x16.eq(v128.load(at, 3 * LANES), sought));
  return v128.any_true(v128.or(first, second));
}

export function countLineFeeds(from: usize, end: usize): u32 {
  const sought = i8x16.splat(LINE_FEED as i8);
  let count: u32 = 0;
  let at = from;
  for (; at + LANES <= end; at += LANES) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), sought)));
  for (; at < end; at++) if (load<u8>(at) === (LINE_FEED as u8)) count++;
  return count;
}

export function isSame(one: usize, other: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += LANES) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)));
    const rest = length - at;
    const wanted: i32 = rest >= LANES ? 0xffff : (1 << (rest as i32)) - 1;
    if ((same & wanted) !== wanted) return false;
  }
  return true;
}

/** Copies some bytes, and up to a register more. */
export function copy(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += LANES) v128.store(to + at, v128.load(from + at));
}

export function skipSpace(from: usize, end: usize): usize {
  let at = from;
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}
