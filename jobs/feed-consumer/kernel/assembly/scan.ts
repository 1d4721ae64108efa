import { isSpace, LINE_FEED } from './characters';

/** Bytes of one SIMD register. */
export const LANES: usize = 16;

/** For each byte, a register full of it. */
const registers = memory.data(256 * 16, 16);

export function fillRegisters(): void {
  for (let byte: usize = 0; byte < 256; byte++) v128.store(registers + byte * LANES, i8x16.splat(byte as i8));
}

/** A register full of a byte. A constant would be made anew in each turn of a loop; what is loaded before it stays. */
export function eachOf(byte: u32): v128 {
  return v128.load(registers + (byte as usize) * LANES);
}

/** Bytes that are looked at in one step where nothing is expected near by. */
const STRIDE: usize = 4 * LANES;

/** Bytes to spare behind the input and behind the output, since loads and stores run over their ends. */
export const SPARE: usize = STRIDE;

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
  const sought = eachOf(byte);
  for (let at = from; at < end; at += STRIDE) {
    const first = i8x16.eq(v128.load(at), sought);
    const second = i8x16.eq(v128.load(at, LANES), sought);
    const third = i8x16.eq(v128.load(at, 2 * LANES), sought);
    const fourth = i8x16.eq(v128.load(at, 3 * LANES), sought);
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue;
    const low = i8x16.bitmask(first) | (i8x16.bitmask(second) << 16);
    const high = i8x16.bitmask(third) | (i8x16.bitmask(fourth) << 16);
    return min(at + (ctz((low as u32 as u64) | ((high as u64) << 32)) as usize), end);
  }
  return end;
}

/** The first place of one of three bytes. */
export function findAnyOf(from: usize, end: usize, one: u32, other: u32, third: u32): usize {
  const ones = i8x16.splat(one as i8);
  const others = i8x16.splat(other as i8);
  const thirds = i8x16.splat(third as i8);
  for (let at = from; at < end; at += LANES) {
    const lanes = v128.load(at);
    const found = v128.or(v128.or(i8x16.eq(lanes, ones), i8x16.eq(lanes, others)), i8x16.eq(lanes, thirds));
    const hits = i8x16.bitmask(found);
    if (hits !== 0) return min(at + ctz(hits), end);
  }
  return end;
}

/** Registers whose lanes are counted before a count of eight bits could overflow. */
const MOST_COUNTED: usize = 255;

export function countLineFeeds(from: usize, end: usize): u32 {
  let count: u32 = 0;
  let at = from;
  while (at + LANES <= end) {
    const last = at + min((end - at) / LANES, MOST_COUNTED) * LANES;
    count += sumOf(lineFeedsByLane(at, last));
    at = last;
  }
  for (; at < end; at++) if (load<u8>(at) === (LINE_FEED as u8)) count++;
  return count;
}

/** A hit is -1 in its lane. */
function lineFeedsByLane(from: usize, end: usize): v128 {
  const sought = eachOf(LINE_FEED);
  let counts = i8x16.splat(0);
  let at = from;
  for (; at + STRIDE <= end; at += STRIDE) {
    const first = i8x16.add(i8x16.eq(v128.load(at), sought), i8x16.eq(v128.load(at, LANES), sought));
    const second = i8x16.add(i8x16.eq(v128.load(at, 2 * LANES), sought), i8x16.eq(v128.load(at, 3 * LANES), sought));
    counts = i8x16.sub(counts, i8x16.add(first, second));
  }
  for (; at < end; at += LANES) counts = i8x16.sub(counts, i8x16.eq(v128.load(at), sought));
  return counts;
}

function sumOf(bytes: v128): u32 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
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
