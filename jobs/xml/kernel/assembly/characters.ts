import { forbiddenCharacter } from './faults';
import { stop, unread } from './stop';

export const tab: u32 = 0x09;
export const lineFeed: u32 = 0x0a;
export const carriageReturn: u32 = 0x0d;
export const blank: u32 = 0x20;
export const exclamation: u32 = 0x21;
export const doubleQuote: u32 = 0x22;
export const hash: u32 = 0x23;
export const ampersand: u32 = 0x26;
export const singleQuote: u32 = 0x27;
export const hyphen: u32 = 0x2d;
export const slash: u32 = 0x2f;
export const colon: u32 = 0x3a;
export const semicolon: u32 = 0x3b;
export const lessThan: u32 = 0x3c;
export const equals: u32 = 0x3d;
export const greaterThan: u32 = 0x3e;
export const question: u32 = 0x3f;
export const openBracket: u32 = 0x5b;
export const closeBracket: u32 = 0x5d;
/** U+FFFE and U+FFFF, which XML forbids, begin with this byte; so do the others from U+F000 on. */
const leadOfLast: u32 = 0xef;

/** Kinds of bytes that a reader may want to stop at, one bit each. */
const control: u8 = 1 << 0;
const controlAbove0f: u8 = 1 << 1;
const ampersands: u8 = 1 << 2;
const lessThans: u8 = 1 << 3;
const closeBrackets: u8 = 1 << 4;
const leads: u8 = 1 << 5;
const hyphens: u8 = 1 << 6;
const questions: u8 = 1 << 7;

const odd: u8 = control | controlAbove0f | leads;
export const stopsOfText: u8 = odd | ampersands | lessThans | closeBrackets;
export const stopsOfValue: u8 = odd | ampersands | lessThans;
export const stopsOfCdata: u8 = odd | closeBrackets;
export const stopsOfComment: u8 = odd | hyphens;
export const stopsOfInstruction: u8 = odd | questions;

/**
 * Bytes are sorted into kinds by looking up each half of a byte in a table of 16: a byte is of the kinds that both halves
 * allow. Of the bytes below 0x10, the control characters are all but tab, line feed and carriage return.
 */
function kindsOf(block: v128): v128 {
  const byLowHalf = i8x16(
    control | controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f | ampersands,
    control | controlAbove0f,
    control | controlAbove0f,
    controlAbove0f,
    controlAbove0f,
    control | controlAbove0f,
    control | controlAbove0f | lessThans,
    controlAbove0f | closeBrackets | hyphens,
    control | controlAbove0f,
    control | controlAbove0f | leads | questions,
  );
  const byHighHalf = i8x16(
    control,
    controlAbove0f,
    ampersands | hyphens,
    lessThans | questions,
    0,
    closeBrackets,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    leads,
    0,
  );
  const low = i8x16.swizzle(byLowHalf, v128.and(block, i8x16.splat(0x0f)));
  const high = i8x16.swizzle(byHighHalf, i8x16.shr_u(block, 4));
  return v128.and(low, high);
}

/** The first byte of the wanted kinds, or the end. */
export function nextStop(from: usize, to: usize, kinds: u8): usize {
  const wanted = i8x16.splat(kinds);
  // Most texts are short; of long ones most blocks have nothing to stop at, so that they are looked at in twos.
  let found = v128.and(kindsOf(v128.load(from)), wanted);
  if (v128.any_true(found)) return min(to, from + firstOf(found));
  let at = from + 16;
  for (; at + 32 <= to; at += 32) {
    found = v128.or(kindsOf(v128.load(at)), kindsOf(v128.load(at, 16)));
    if (v128.any_true(v128.and(found, wanted))) break;
  }
  for (; at < to; at += 16) {
    found = v128.and(kindsOf(v128.load(at)), wanted);
    if (v128.any_true(found)) return min(to, at + firstOf(found));
  }
  return to;
}

/** Which is the first byte of a block that is not 0; one is. */
function firstOf(block: v128): usize {
  return ctz(i8x16.bitmask(i8x16.ne(block, i8x16.splat(0))));
}

/** The first byte that ends an attribute's value or must be looked at in it, or the end. */
export function nextStopOrQuote(from: usize, to: usize, quote: u32): usize {
  const wanted = i8x16.splat(stopsOfValue);
  const quotes = i8x16.splat(<u8>quote);
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at);
    const found = v128.or(v128.and(kindsOf(block), wanted), i8x16.eq(block, quotes));
    if (v128.any_true(found)) return min(to, at + firstOf(found));
  }
  return to;
}

/** Reads a character that nextStop has stopped at because it may be forbidden. */
export function oddCharacter(at: usize, to: usize): usize {
  if (byteAt(at) !== leadOfLast) return stop(forbiddenCharacter, at);
  if (at + 3 > to) return unread;
  const isLast = byteAt(at + 1) === 0xbf && byteAt(at + 2) >= 0xbe;
  return isLast ? stop(forbiddenCharacter, at) : at + 3;
}

export function byteAt(at: usize): u32 {
  return load<u8>(at);
}

export function isSpace(byte: u32): bool {
  return byte === blank || byte === lineFeed || byte === carriageReturn || byte === tab;
}

/** The first byte that is no white space, or the end. */
export function afterSpace(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isSpace(byteAt(at))) at++;
  return at;
}

/** https://www.w3.org/TR/xml/#NT-Char */
export function isCharacter(point: u32): bool {
  if (point < blank) return point === tab || point === lineFeed || point === carriageReturn;
  return point < 0xd800 || (point > 0xdfff && point < 0xfffe) || (point > 0xffff && point < 0x110000);
}

export function sameBytes(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(one + at) !== load<u64>(other + at)) return false;
  for (; at < length; at++) if (load<u8>(one + at) !== load<u8>(other + at)) return false;
  return true;
}
