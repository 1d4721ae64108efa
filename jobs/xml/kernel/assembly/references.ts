import { byteAt, hash, isCharacter, semicolon } from './characters';
import { forbiddenReference, refusedEntity, unfinishedReference } from './faults';
import { name } from './names';
import { stop, unread } from './stop';

/** Asks whether a reference to an entity of this name may stand here. The name lies in the kernel's memory. */
declare function allowsEntity(name: usize, length: usize, inValue: bool): bool;

const lowerX: u32 = 0x78;
const outOfUnicode: u32 = 0x110000;

/** Reads a reference from its ampersand on. */
export function reference(at: usize, to: usize, inValue: bool): usize {
  if (at + 1 >= to) return unread;
  return byteAt(at + 1) === hash ? characterReference(at, to) : entityReference(at, to, inValue);
}

function characterReference(at: usize, to: usize): usize {
  if (at + 2 >= to) return unread;
  const isHexadecimal = byteAt(at + 2) === lowerX;
  const base: u32 = isHexadecimal ? 16 : 10;
  const first = at + (isHexadecimal ? 3 : 2);
  let point: u32 = 0;
  let next = first;
  for (; next < to; next++) {
    const digit = digitOf(byteAt(next));
    if (digit >= base) break;
    point = min(point * base + digit, outOfUnicode);
  }
  if (next >= to) return unread;
  if (next === first || byteAt(next) !== semicolon) return stop(unfinishedReference, at);
  return isCharacter(point) ? next + 1 : stop(forbiddenReference, at);
}

/** The value of a digit up to F; what is none is above all of them. */
function digitOf(byte: u32): u32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 16;
}

function entityReference(at: usize, to: usize, inValue: bool): usize {
  const begin = at + 1;
  const end = name(begin, to);
  if (end === unread) return unread;
  if (byteAt(end) !== semicolon) return stop(unfinishedReference, at);
  const length = end - begin;
  if (isPredefined(begin, length) || allowsEntity(begin, length, inValue)) return end + 1;
  return stop(refusedEntity, at);
}

/** The letters of lt, gt, amp, quot and apos as they lie in memory, lowest byte first. */
const lt: u32 = 0x746c;
const gt: u32 = 0x7467;
const amp: u32 = 0x706d61;
const quot: u32 = 0x746f7571;
const apos: u32 = 0x736f7061;

function isPredefined(at: usize, length: usize): bool {
  if (length < 2 || length > 4) return false;
  const letters = load<u32>(at) & (0xffffffff >> (8 * (4 - <u32>length)));
  return letters === amp || letters === lt || letters === gt || letters === quot || letters === apos;
}
