/**
 * Whether the JSON of a value shows by its bytes alone that the value keeps the rule of its field. Where it does not, the
 * host decodes the value and looks closer.
 */
import { BACKSLASH, byteAt, DOT, HYPHEN, NINE, QUOTE, SLASH, SPACE, ZERO } from './characters';
import { isDate } from './date-test';
import { Field } from './field';
import { isSame, LANES } from './scan';

/** The tests by the numbers that declared-fields.ts has for them; without one, 0, no value is surely good. */
const ANY_TEXT: u32 = 1;
const NUMBER: u32 = 2;
const URL: u32 = 3;
const ENUM: u32 = 4;
const DATE: u32 = 5;

export function isSurelyGood(field: Field, begin: usize, end: usize): bool {
  // Between the quotes there is text. A character takes no fewer bytes than UTF-16 code units.
  if (field.test === 0 || byteAt(begin) !== QUOTE || !isVisible(byteAt(begin + 1))) return false;
  const text = begin + 1;
  const textEnd = end - 1;
  if (textEnd - text > (field.mostBytes as usize)) return false;
  switch (field.test) {
    case ANY_TEXT:
      return true;
    case NUMBER:
      return isDigits(text, textEnd);
    case URL:
      return isPlainAddress(text, textEnd);
    case ENUM:
      return isOneOf(text, textEnd, field.values, field.valuesEnd);
    case DATE:
      return isDate(text, textEnd);
    default:
      return false;
  }
}

/** Neither blank nor the closing quote, nor the beginning of an escape or of a character beyond ASCII. */
function isVisible(byte: u32): bool {
  return byte > SPACE && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH;
}

function isDigits(begin: usize, end: usize): bool {
  for (let at = begin; at < end; at++) if (byteAt(at) < ZERO || byteAt(at) > NINE) return false;
  return true;
}

function isOneOf(begin: usize, end: usize, values: usize, valuesEnd: usize): bool {
  for (let at = values; at < valuesEnd; ) {
    const length = load<u16>(at) as usize;
    if (length === end - begin && isSame(at + 2, begin, length)) return true;
    at += 2 + length;
  }
  return false;
}

const https = memory.data<u8>([0x68, 0x74, 0x74, 0x70, 0x73, 0x3a, 0x2f, 0x2f]);
const HTTPS_LENGTH: usize = 8;
const http = memory.data<u8>([0x68, 0x74, 0x74, 0x70, 0x3a, 0x2f, 0x2f]);
const HTTP_LENGTH: usize = 7;

/**
 * A host of letters, digits and hyphens whose last label begins with a letter, so that it is no number, and behind it
 * nothing but visible ASCII. `--` begins what only a decoder of international names can judge (`xn--`).
 */
function isPlainAddress(begin: usize, end: usize): bool {
  let at = begin;
  if (isSame(begin, https, HTTPS_LENGTH)) at += HTTPS_LENGTH;
  else if (isSame(begin, http, HTTP_LENGTH)) at += HTTP_LENGTH;
  else return false;
  let label = at;
  for (; at < end && byteAt(at) !== SLASH; at++) {
    const byte = byteAt(at);
    if (byte === DOT) label = at + 1;
    else if (!isLetter(byte) && (byte < ZERO || byte > NINE) && (byte !== HYPHEN || byteAt(at + 1) === HYPHEN))
      return false;
  }
  return isLetter(byteAt(label)) && isAllVisible(at, end);
}

function isLetter(byte: u32): bool {
  const letter = byte | SPACE;
  return letter >= 0x61 && letter <= 0x7a;
}

function isAllVisible(begin: usize, end: usize): bool {
  for (let at = begin; at < end; at += LANES) {
    const lanes = v128.load(at);
    // As signed numbers, characters beyond ASCII lie below the space.
    const others = v128.or(
      i8x16.le_s(lanes, i8x16.splat(SPACE as i8)),
      v128.or(i8x16.eq(lanes, i8x16.splat(QUOTE as i8)), i8x16.eq(lanes, i8x16.splat(BACKSLASH as i8))),
    );
    const hits = i8x16.bitmask(others);
    if (hits !== 0) return at + ctz(hits) >= end;
  }
  return true;
}
