import { AMPERSAND, APOSTROPHE, GREATER, HASH, LESS, NINE, QUOTE, SEMICOLON, ZERO } from './characters';

/** The character that the reference read last stands for. */
export let referred: u32 = 0;

const LETTER_X: u32 = 0x78;
/** `&#1114111;` and `&#x10ffff;` are the longest. */
const MOST_DIGITS: usize = 7;

/**
 * Reads the reference whose `&` lies at `at` and gives its length. 0: it is none that XML itself knows, or is written in
 * an unusual way; others are to read it.
 */
export function readReference(at: usize, end: usize): usize {
  const name = at + 1;
  if (name < end && load<u8>(name) === (HASH as u8)) return readNumber(at, end);
  // Compared with the bytes of `lt;`, `gt;`, `amp;`, `apos;` and `quot;` as numbers.
  if (end - name >= 3) {
    const three = (load<u16>(name) as u32) | ((load<u8>(name + 2) as u32) << 16);
    if (three === 0x3b746c) return refer(LESS, 4);
    if (three === 0x3b7467) return refer(GREATER, 4);
  }
  if (end - name >= 4 && load<u32>(name) === 0x3b706d61) return refer(AMPERSAND, 5);
  if (end - name >= 5 && load<u8>(name + 4) === (SEMICOLON as u8)) {
    if (load<u32>(name) === 0x736f7061) return refer(APOSTROPHE, 6);
    if (load<u32>(name) === 0x746f7571) return refer(QUOTE, 6);
  }
  return 0;
}

function refer(code: u32, length: usize): usize {
  referred = code;
  return length;
}

function readNumber(at: usize, end: usize): usize {
  const isHexadecimal = at + 2 < end && load<u8>(at + 2) === (LETTER_X as u8);
  const base: u32 = isHexadecimal ? 16 : 10;
  const begin = at + (isHexadecimal ? 3 : 2);
  const last = min(end, begin + MOST_DIGITS + 1);
  let code: u32 = 0;
  for (let digit = begin; digit < last; digit++) {
    const byte = load<u8>(digit) as u32;
    if (byte === SEMICOLON) return digit > begin && isCharacter(code) ? refer(code, digit + 1 - at) : 0;
    const value = digitValue(byte);
    // A leading zero is unusual.
    if (value >= base || (value === 0 && digit === begin)) return 0;
    code = code * base + value;
  }
  return 0;
}

function digitValue(byte: u32): u32 {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 16;
}

/** https://www.w3.org/TR/xml/#charsets */
function isCharacter(code: u32): bool {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
