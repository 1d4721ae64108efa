import { type FieldRule, monthNames } from './field-types.ts';

/** Whether the JSON of a value shows by its bytes alone that the value is good. False: perhaps it is. */
type QuickTest = (bytes: Uint8Array, start: number, end: number) => boolean;

const quote = 0x22;
const space = 0x20;
const backslash = 0x5c;
const comma = 0x2c;
const hyphen = 0x2d;
const dot = 0x2e;
const slash = 0x2f;
const zero = 0x30;
const nine = 0x39;
const schemes = ['https://', 'http://'].map((scheme) => Buffer.from(scheme));

/** The test for all of a rule; what it cannot see by bytes it never calls good. */
export function quickTestOf(rule: FieldRule): QuickTest {
  const { pattern, maxLength = Number.POSITIVE_INFINITY } = rule;
  const isOfType = typeTestOf(rule);
  if (pattern !== undefined || isOfType === undefined) return () => false;
  // Between the quotes there is text. A character takes no fewer bytes than UTF-16 code units.
  return (bytes, start, end) =>
    bytes[start] === quote &&
    end - start - 2 <= maxLength &&
    isVisible(bytes[start + 1]) &&
    isOfType(bytes, start + 1, end - 1);
}

/** Neither blank nor the closing quote, nor the beginning of an escape or of a character beyond ASCII. */
const isVisible = (byte: number | undefined): boolean =>
  byte !== undefined && byte > space && byte < 0x80 && byte !== quote && byte !== backslash;

function typeTestOf({ type = 'text', values = [] }: FieldRule): QuickTest | undefined {
  switch (type) {
    case 'text':
      return () => true;
    case 'number':
      return isDigits;
    case 'url':
      return isPlainAddress;
    case 'enum':
      return isOneOf(values.map((value) => Buffer.from(JSON.stringify(value).slice(1, -1))));
    case 'date':
      return (bytes, start, end) => isIsoDate(bytes, start, end) || isMailDate(bytes, start, end);
    default:
      return type satisfies never;
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine;

function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at])) return false;
  return true;
}

function isOneOf(values: readonly Uint8Array[]): QuickTest {
  return (bytes, start, end) =>
    values.some((value) => value.length === end - start && value.every((byte, at) => byte === bytes[start + at]));
}

/** `2026-01-28`, with a time in UTC to the second or its thousandths, on a day that every month has. */
const isoPattern = [...'dddd-dd-ddTdd:dd:dd.dddZ'];
const isoLengths: ReadonlySet<number> = new Set(['2026-01-28'.length, isoPattern.length]);
/** What follows the month in `10 Dec 2024 22:49:39 GMT`. */
const mailPattern = [...' dddd dd:dd:dd GMT'];
/** Three letters as one number. */
const letters = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
const lettersOf = (names: readonly string[]): ReadonlySet<number> =>
  new Set(names.map((name) => letters(Buffer.from(name), 0)));
const weekdays = lettersOf(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
const months = lettersOf(monthNames);

function isIsoDate(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isoLengths.has(end - start) || !fits(bytes, start, end, isoPattern)) return false;
  const [month, day] = [twoDigits(bytes, start + 5), twoDigits(bytes, start + 8)];
  const hasTime = end - start === isoPattern.length;
  return month >= 1 && month <= 12 && day >= 1 && day <= 28 && (!hasTime || isTime(bytes, start + 11));
}

/** `10 Dec 2024 22:49:39 GMT`, on a day that every month has, perhaps with the day of the week before it. */
function isMailDate(bytes: Uint8Array, start: number, end: number): boolean {
  const begin = bytes[start + 3] === comma ? start + 'Fri, '.length : start;
  if (begin > start && (!weekdays.has(letters(bytes, start)) || bytes[start + 4] !== space)) return false;
  const digits = isDigit(bytes[begin + 1]) ? 2 : 1;
  const month = begin + digits + 1;
  const day = digits === 2 ? twoDigits(bytes, begin) : (bytes[begin] ?? 0) - zero;
  const rest = month + 3;
  return (
    end - rest === mailPattern.length &&
    isDigit(bytes[begin]) &&
    bytes[month - 1] === space &&
    months.has(letters(bytes, month)) &&
    fits(bytes, rest, end, mailPattern) &&
    day >= 1 &&
    day <= 28 &&
    isTime(bytes, rest + 6)
  );
}

/** Whether the bytes begin as a pattern does, in which `d` is any digit. */
function fits(bytes: Uint8Array, start: number, end: number, pattern: readonly string[]): boolean {
  for (let at = 0; at < end - start; at++) {
    const wanted = pattern[at];
    const byte = bytes[start + at];
    if (wanted === 'd' ? !isDigit(byte) : byte !== wanted?.charCodeAt(0)) return false;
  }
  return true;
}

const twoDigits = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) - zero) * 10 + (bytes[at + 1] ?? 0) - zero;

/** `23:59:59`, the digits being digits. */
const isTime = (bytes: Uint8Array, at: number): boolean =>
  twoDigits(bytes, at) < 24 && twoDigits(bytes, at + 3) < 60 && twoDigits(bytes, at + 6) < 60;

/** A host of letters whose last label is no number, and behind it nothing but visible ASCII. */
function isPlainAddress(bytes: Uint8Array, start: number, end: number): boolean {
  const scheme = schemes.find((each) => each.every((byte, at) => byte === bytes[start + at]));
  if (scheme === undefined) return false;
  const host = start + scheme.length;
  let at = host;
  let label = host;
  for (; at < end && bytes[at] !== slash; at++) {
    const byte = bytes[at];
    if (byte === dot) label = at + 1;
    else if (!isLetter(byte) && !isDigit(byte) && (byte !== hyphen || bytes[at + 1] === hyphen)) return false;
  }
  if (!isLetter(bytes[label])) return false;
  for (; at < end; at++) if (!isVisible(bytes[at])) return false;
  return true;
}

function isLetter(byte: number | undefined): boolean {
  const letter = (byte ?? 0) | space;
  return letter >= 0x61 && letter <= 0x7a;
}
