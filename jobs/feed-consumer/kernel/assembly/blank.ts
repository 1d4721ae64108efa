import { AMPERSAND, byteAt, isBlankCharacter, LINE_FEED, SPACE } from './characters';
import { readReference, referred } from './references';
import { eachOf } from './scan';

/** Something in the text can be seen. */
export const NOT_BLANK: u32 = 0;
export const BLANK: u32 = 1;
/** Blank, and some of it written as references. */
export const BLANK_BY_REFERENCE: u32 = 2;

/** Whether xml2js takes a text for layout. One that holds an unusual reference is not blank: the writer will decline it. */
export function blankness(from: usize, end: usize): u32 {
  // Layout is nearly always made of these two, and short.
  const lanes = v128.load(from);
  const plain = i8x16.bitmask(v128.or(i8x16.eq(lanes, eachOf(SPACE)), i8x16.eq(lanes, eachOf(LINE_FEED))));
  const begin = from + ctz(~plain);
  if (begin >= end) return BLANK;
  const byte = byteAt(begin);
  return byte > SPACE && byte < 0x80 && byte !== AMPERSAND ? NOT_BLANK : blanknessOf(begin, end);
}

function blanknessOf(from: usize, end: usize): u32 {
  let blank = BLANK;
  for (let at = from; at < end; ) {
    const byte = load<u8>(at) as u32;
    if (byte === SPACE || byte === LINE_FEED) at++;
    else if (byte === AMPERSAND) {
      const length = readReference(at, end);
      if (length === 0 || !isBlankCharacter(referred)) return NOT_BLANK;
      blank = BLANK_BY_REFERENCE;
      at += length;
    } else if (byte < 0x80) {
      if (!isBlankCharacter(byte)) return NOT_BLANK;
      at++;
    } else {
      const length = characterLength(byte);
      if (length > 3 || at + length > end || !isBlankCharacter(characterAt(at, length))) return NOT_BLANK;
      at += length;
    }
  }
  return blank;
}

/** By the first byte of a character in UTF-8. */
function characterLength(byte: u32): usize {
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

function characterAt(at: usize, length: usize): u32 {
  const first = load<u8>(at) as u32;
  const second = (load<u8>(at + 1) as u32) & 0x3f;
  if (length === 2) return ((first & 0x1f) << 6) | second;
  return ((first & 0x0f) << 12) | (second << 6) | ((load<u8>(at + 2) as u32) & 0x3f);
}
