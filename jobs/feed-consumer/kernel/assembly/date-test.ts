/** Dates in the two forms that feeds nearly always have, on days that every month has. */
import { byteAt, COMMA, NINE, SPACE, ZERO } from './characters';

/** Stands for any digit in a pattern. */
const DIGIT: u32 = 0x64;
/** `dddd-dd-ddTdd:dd:dd.dddZ`. */
const isoPattern = memory.data<u8>([
  0x64, 0x64, 0x64, 0x64, 0x2d, 0x64, 0x64, 0x2d, 0x64, 0x64, 0x54, 0x64, 0x64, 0x3a, 0x64, 0x64, 0x3a, 0x64, 0x64,
  0x2e, 0x64, 0x64, 0x64, 0x5a,
]);
const ISO_DAY_LENGTH: usize = 10;
const ISO_LENGTH: usize = 24;
/** ` dddd dd:dd:dd GMT`. */
const mailPattern = memory.data<u8>([
  0x20, 0x64, 0x64, 0x64, 0x64, 0x20, 0x64, 0x64, 0x3a, 0x64, 0x64, 0x3a, 0x64, 0x64, 0x20, 0x47, 0x4d, 0x54,
]);
const MAIL_LENGTH: usize = 18;
/** `MonTueWedThuFriSatSun`. */
const weekdays = memory.data<u8>([
  0x4d, 0x6f, 0x6e, 0x54, 0x75, 0x65, 0x57, 0x65, 0x64, 0x54, 0x68, 0x75, 0x46, 0x72, 0x69, 0x53, 0x61, 0x74, 0x53,
  0x75, 0x6e,
]);
/** `JanFebMarAprMayJunJulAugSepOctNovDec`. */
const months = memory.data<u8>([
  0x4a, 0x61, 0x6e, 0x46, 0x65, 0x62, 0x4d, 0x61, 0x72, 0x41, 0x70, 0x72, 0x4d, 0x61, 0x79, 0x4a, 0x75, 0x6e, 0x4a,
  0x75, 0x6c, 0x41, 0x75, 0x67, 0x53, 0x65, 0x70, 0x4f, 0x63, 0x74, 0x4e, 0x6f, 0x76, 0x44, 0x65, 0x63,
]);
const NAME_LENGTH: usize = 3;

export function isDate(begin: usize, end: usize): bool {
  return isIsoDate(begin, end) || isMailDate(begin, end);
}

/** `2026-01-28`, or with a time in UTC to its thousandths. */
function isIsoDate(begin: usize, end: usize): bool {
  const length = end - begin;
  if ((length !== ISO_DAY_LENGTH && length !== ISO_LENGTH) || !fits(begin, isoPattern, length)) return false;
  const month = twoDigits(begin + 5);
  return month >= 1 && month <= 12 && isDay(twoDigits(begin + 8)) && (length === ISO_DAY_LENGTH || isTime(begin + 11));
}

/** `10 Dec 2024 22:49:39 GMT`, perhaps with `Fri, ` before it. */
function isMailDate(begin: usize, end: usize): bool {
  let at = begin;
  if (byteAt(at + NAME_LENGTH) === COMMA) {
    if (!isNamed(at, weekdays, 7) || byteAt(at + 4) !== SPACE) return false;
    at += 5;
  }
  if (!isDigit(byteAt(at))) return false;
  const hasTwoDigits = isDigit(byteAt(at + 1));
  const day = hasTwoDigits ? twoDigits(at) : byteAt(at) - ZERO;
  const month = at + (hasTwoDigits ? 3 : 2);
  const rest = month + NAME_LENGTH;
  return (
    rest + MAIL_LENGTH === end &&
    byteAt(month - 1) === SPACE &&
    isNamed(month, months, 12) &&
    fits(rest, mailPattern, MAIL_LENGTH) &&
    isDay(day) &&
    isTime(rest + 6)
  );
}

function isNamed(at: usize, names: usize, count: u32): bool {
  for (let index: u32 = 0; index < count; index++) {
    const name = names + (index as usize) * NAME_LENGTH;
    if (load<u16>(at) === load<u16>(name) && load<u8>(at + 2) === load<u8>(name + 2)) return true;
  }
  return false;
}

function fits(begin: usize, pattern: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at++) {
    const wanted = byteAt(pattern + at);
    const byte = byteAt(begin + at);
    if (wanted === DIGIT ? !isDigit(byte) : byte !== wanted) return false;
  }
  return true;
}

function isDigit(byte: u32): bool {
  return byte >= ZERO && byte <= NINE;
}

function isDay(day: u32): bool {
  return day >= 1 && day <= 28;
}

/** `23:59:59`, the digits being digits. */
function isTime(at: usize): bool {
  return twoDigits(at) < 24 && twoDigits(at + 3) < 60 && twoDigits(at + 6) < 60;
}

function twoDigits(at: usize): u32 {
  return (byteAt(at) - ZERO) * 10 + byteAt(at + 1) - ZERO;
}
