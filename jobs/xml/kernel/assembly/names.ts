import { byteAt, colon } from './characters';
import { nameExpected, nameTooLong } from './faults';
import { longestName, nameClasses } from './layout';
import { stop, unread } from './stop';

const begins: u8 = 1;
const continues: u8 = 2;

export function fillNameClasses(): void {
  memory.fill(nameClasses, 0, 256);
  allowInNames(0x61, 0x7a, begins | continues);
  allowInNames(0x41, 0x5a, begins | continues);
  allowInNames(0x5f, 0x5f, begins | continues);
  allowInNames(colon, colon, begins | continues);
  allowInNames(0x30, 0x39, continues);
  allowInNames(0x2d, 0x2e, continues);
}

function allowInNames(first: u32, last: u32, place: u8): void {
  for (let byte = first; byte <= last; byte++) store<u8>(nameClasses + byte, place);
}

/** Reads a name: https://www.w3.org/TR/xml/#NT-Name, fifth edition. The byte behind it must be there, too. */
export function name(from: usize, to: usize): usize {
  let at = nextNameCharacter(from, to, begins);
  if (at === from) return stop(nameExpected, from);
  while (at !== unread) {
    at = afterPlainCharacters(at, to);
    if (at - from > <usize>longestName) return stop(nameTooLong, from);
    const next = nextNameCharacter(at, to, continues);
    if (next === at) return at;
    at = next;
  }
  return unread;
}

/** Passes letters, digits and marks of ASCII, 16 at a time: a byte is one where the tables of its two halves agree. */
function afterPlainCharacters(from: usize, to: usize): usize {
  const byLowHalf = i8x16(0x0a, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 0x0e, 4, 4, 5, 5, 0x24);
  const byHighHalf = i8x16(0, 0, 1, 2, 4, 0x28, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at);
    const low = i8x16.swizzle(byLowHalf, v128.and(block, i8x16.splat(0x0f)));
    const high = i8x16.swizzle(byHighHalf, i8x16.shr_u(block, 4));
    const others = i8x16.bitmask(i8x16.eq(v128.and(low, high), i8x16.splat(0)));
    if (others !== 0) return min(to, at + ctz(others));
  }
  return to;
}

/** The address behind one character of a name, or the same address where none is. */
function nextNameCharacter(at: usize, to: usize, place: u8): usize {
  if (at >= to) return unread;
  const byte = byteAt(at);
  if (byte < 0x80) return load<u8>(nameClasses + byte) & place ? at + 1 : at;
  const size: usize = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  if (at + size > to) return unread;
  const point = codePoint(at, size);
  return beginsName(point) || (place === continues && continuesName(point)) ? at + size : at;
}

/** Of bytes that are known to be UTF-8. */
function codePoint(at: usize, size: usize): u32 {
  let point = byteAt(at) & (0xff >> (<u32>size + 1));
  for (let next: usize = 1; next < size; next++) point = (point << 6) | (byteAt(at + next) & 0x3f);
  return point;
}

/** https://www.w3.org/TR/xml/#NT-NameStartChar, those above ASCII. */
function beginsName(point: u32): bool {
  if (point < 0x370) return point >= 0xc0 && point !== 0xd7 && point !== 0xf7 && point < 0x300;
  if (point < 0x2000) return point !== 0x37e;
  if (point < 0x3001)
    return isJoiner(point) || (point >= 0x2070 && point < 0x2190) || (point >= 0x2c00 && point < 0x2ff0);
  if (point < 0x10000)
    return point < 0xd800 || (point >= 0xf900 && point < 0xfdd0) || (point >= 0xfdf0 && point < 0xfffe);
  return point < 0xf0000;
}

function isJoiner(point: u32): bool {
  return point === 0x200c || point === 0x200d;
}

/** https://www.w3.org/TR/xml/#NT-NameChar, those that no name begins with. */
function continuesName(point: u32): bool {
  return point === 0xb7 || (point >= 0x300 && point < 0x370) || point === 0x203f || point === 0x2040;
}
