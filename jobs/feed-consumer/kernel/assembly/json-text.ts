/**
 * Writes text as the inside of a JSON string, with the bytes that JSON.stringify would give. Text that is copied as it
 * stands goes 32 bytes at a time.
 */
import { AMPERSAND, BACKSLASH, byteAt, CARRIAGE_RETURN, LINE_FEED, QUOTE, TAB } from './characters';
import { readReference, referred } from './references';
import { eachOf, LANES } from './scan';

const LETTER_N: u32 = 0x6e;
const LETTER_R: u32 = 0x72;
const LETTER_T: u32 = 0x74;
const LAST_CONTROL: u32 = 0x1f;

/** How each character of ASCII is written, two bytes each, and how many of them count; 0: XML has no such character. */
const escapes = memory.data(128 * 2, 16);
const lengths = memory.data(128, 16);

export function fillEscapes(): void {
  for (let code: u32 = 0; code < 128; code++) {
    store<u16>(escapes + code * 2, code as u16);
    store<u8>(lengths + code, code > LAST_CONTROL ? 1 : 0);
  }
  fillEscape(QUOTE, QUOTE);
  fillEscape(BACKSLASH, BACKSLASH);
  fillEscape(LINE_FEED, LETTER_N);
  fillEscape(CARRIAGE_RETURN, LETTER_R);
  fillEscape(TAB, LETTER_T);
}

function fillEscape(code: u32, letter: u32): void {
  store<u16>(escapes + code * 2, (BACKSLASH | (letter << 8)) as u16);
  store<u8>(lengths + code, 2);
}

/** Something was met that is to be left to others; nothing that was written since counts. */
export let isUnusual: bool = false;

export function beUsual(): void {
  isUnusual = false;
}

export function beUnusual(): void {
  isUnusual = true;
}

export function writeByte(at: usize, byte: u32): usize {
  store<u8>(at, byte as u8);
  return at + 1;
}

/** Text in which `&` begins a reference; gives the end of what was written, as all writers do. */
export function writeText(to: usize, begin: usize, end: usize): usize {
  return writeEscaped(to, begin, end, AMPERSAND);
}

/** The content of a CDATA section, in which nothing has a meaning. */
export function writeVerbatim(to: usize, begin: usize, end: usize): usize {
  return writeEscaped(to, begin, end, QUOTE);
}

function writeEscaped(to: usize, begin: usize, end: usize, special: u32): usize {
  let from = begin;
  let at = to;
  while (from < end) {
    const found = copyPlain(at, from, end, special);
    at += found - from;
    from = found;
    if (from >= end) break;
    const byte = byteAt(from);
    if (byte === AMPERSAND && special === AMPERSAND) {
      const length = readReference(from, end);
      if (length === 0) {
        isUnusual = true;
        return at;
      }
      at = writeCharacter(at, referred);
      from += length;
    } else {
      at = writeAscii(at, byte);
      from++;
    }
  }
  // The last registers may have run over the end.
  return at - (from - end);
}

/** Copies up to the first character that is escaped or special, and gives its place; or one that is not before the end. */
function copyPlain(to: usize, from: usize, end: usize, special: u32): usize {
  const specials = eachOf(special);
  // With this bit in each a quote, too, is the special character.
  const either = eachOf(special ^ QUOTE);
  const backslashes = eachOf(BACKSLASH);
  const controls = eachOf(LAST_CONTROL);
  const shift = to - from;
  for (let at = from; at < end; at += 2 * LANES) {
    const first = v128.load(at);
    const second = v128.load(at, LANES);
    v128.store(at + shift, first);
    v128.store(at + shift, second, LANES);
    const ones = v128.or(i8x16.eq(v128.or(first, either), specials), i8x16.eq(first, backslashes));
    const others = v128.or(i8x16.eq(v128.or(second, either), specials), i8x16.eq(second, backslashes));
    const hits =
      i8x16.bitmask(v128.or(ones, i8x16.le_u(first, controls))) |
      (i8x16.bitmask(v128.or(others, i8x16.le_u(second, controls))) << 16);
    if (hits !== 0) return at + ctz(hits);
  }
  return end;
}

/** A character of ASCII as it stands in a string of JSON. */
function writeAscii(to: usize, code: u32): usize {
  const length = load<u8>(lengths + code) as usize;
  // XML has no other control characters.
  if (length === 0) isUnusual = true;
  store<u16>(to, load<u16>(escapes + code * 2));
  return to + length;
}

/** A character in UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-3 */
function writeCharacter(to: usize, code: u32): usize {
  if (code < 0x80) return writeAscii(to, code);
  if (code < 0x800) return writeByte(writeByte(to, 0xc0 | (code >> 6)), 0x80 | (code & 0x3f));
  const tail = 0x80 | (code & 0x3f);
  const middle = 0x80 | ((code >> 6) & 0x3f);
  if (code < 0x10000) return writeByte(writeByte(writeByte(to, 0xe0 | (code >> 12)), middle), tail);
  const second = 0x80 | ((code >> 12) & 0x3f);
  return writeByte(writeByte(writeByte(writeByte(to, 0xf0 | (code >> 18)), second), middle), tail);
}
