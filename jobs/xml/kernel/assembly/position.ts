import { carriageReturn, lineFeed } from './characters';

/** Where the next byte is in the document, as editors count: both from 1 on, columns in UTF-16 code units. */
let line: u32 = 1;
let column: u32 = 1;
/** 1 when the latest byte was a carriage return: a line feed then belongs to the same line end. */
let afterReturn: u32 = 0;

export function lineOf(): u32 {
  return line;
}

export function columnOf(): u32 {
  return column;
}

export function startAt(firstLine: u32, firstColumn: u32): void {
  line = firstLine;
  column = firstColumn;
  afterReturn = 0;
}

/** Counts the lines and columns of bytes that are done with. */
export function pass(from: usize, to: usize): void {
  if (afterReturn === 0 && !hasReturn(from, to)) passFeeds(from, to);
  else passBoth(from, to);
}

function hasReturn(from: usize, to: usize): bool {
  let found = i8x16.splat(0);
  let at = from;
  for (; at + 16 <= to; at += 16) found = v128.or(found, i8x16.eq(v128.load(at), i8x16.splat(<u8>carriageReturn)));
  if (v128.any_true(found)) return true;
  for (; at < to; at++) if (load<u8>(at) === carriageReturn) return true;
  return false;
}

/** Where there are no carriage returns, as a rule, line feeds are only to be counted. */
function passFeeds(from: usize, to: usize): void {
  const lineBefore = line;
  let at = from;
  while (at + 16 <= to) {
    const end = min(at + ((to - at) & ~15), at + 16 * mostBlocks);
    line += feedsInBlocks(at, end);
    at = end;
  }
  for (; at < to; at++) if (load<u8>(at) === lineFeed) line++;
  if (line === lineBefore) column += codeUnits(from, to);
  else column = 1 + codeUnits(afterLastFeed(to), to);
}

function afterLastFeed(to: usize): usize {
  let at = to;
  while (load<u8>(at - 1) !== lineFeed) at--;
  return at;
}

/** More line feeds than this in one lane of a block would not fit into its byte. */
const mostBlocks: usize = 255;

function feedsInBlocks(from: usize, to: usize): u32 {
  let lanes = i8x16.splat(0);
  for (let at = from; at < to; at += 16) lanes = i8x16.sub(lanes, i8x16.eq(v128.load(at), i8x16.splat(<u8>lineFeed)));
  const pairs = i16x8.extadd_pairwise_i8x16_u(lanes);
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
  return (
    i32x4.extract_lane(fours, 0) +
    i32x4.extract_lane(fours, 1) +
    i32x4.extract_lane(fours, 2) +
    i32x4.extract_lane(fours, 3)
  );
}

function passBoth(from: usize, to: usize): void {
  let lineBegin: usize = 0;
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at);
    const valid = firstBits(min(to - at, 16));
    const returns = <u32>i8x16.bitmask(i8x16.eq(block, i8x16.splat(<u8>carriageReturn))) & valid;
    const feeds = <u32>i8x16.bitmask(i8x16.eq(block, i8x16.splat(<u8>lineFeed))) & valid;
    const ends = returns | feeds;
    if (ends !== 0) {
      line += popcnt(returns) + popcnt(feeds & ~((returns << 1) | afterReturn));
      lineBegin = at + (32 - clz(ends));
    }
    afterReturn = (returns >> (<u32>min(to - at, 16) - 1)) & 1;
  }
  if (lineBegin !== 0) column = 1;
  column += codeUnits(lineBegin === 0 ? from : lineBegin, to);
}

/** As many as there are bytes that begin a character, and one more for each of four bytes. */
function codeUnits(from: usize, to: usize): u32 {
  let units: u32 = 0;
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at);
    const valid = firstBits(min(to - at, 16));
    units += popcnt(<u32>i8x16.bitmask(i8x16.ge_s(block, i8x16.splat(-64))) & valid);
    units += popcnt(<u32>i8x16.bitmask(i8x16.ge_u(block, i8x16.splat(<u8>0xf0))) & valid);
  }
  return units;
}

/** One bit for each of so many bytes of a block. */
function firstBits(bytes: usize): u32 {
  return (1 << (<u32>bytes)) - 1;
}
