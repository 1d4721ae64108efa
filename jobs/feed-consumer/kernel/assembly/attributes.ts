import { APOSTROPHE, beginsName, byteAt, COLON, COMMA, EQUALS, LESS, QUOTE } from './characters';
import { ATTRIBUTE, fieldCount, noteSpan } from './fields';
import { beUnusual, isUnusual, writeByte, writeText } from './json-text';
import { endOfName, hashOf } from './names';
import { copy, find, isSame, skipSpace } from './scan';

/** An element with more attributes is left to others: each is compared with all before it. */
const MOST_ATTRIBUTES: u32 = 64;

/** Attributes named `__proto__` and `hasOwnProperty` are left to others: xml2js drops the one, and fails behind the other. */
const protoName = memory.data<u8>([0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f]);
const PROTO_LENGTH: usize = 9;
const ownPropertyName = memory.data<u8>([
  0x68, 0x61, 0x73, 0x4f, 0x77, 0x6e, 0x50, 0x72, 0x6f, 0x70, 0x65, 0x72, 0x74, 0x79,
]);
const OWN_PROPERTY_LENGTH: usize = 14;

/** Where the names of the attributes of one element begin and end. */
const names = memory.data(MOST_ATTRIBUTES * 8, 16);

/** Writes `"name":"value",` for each attribute; what is not written as XML wants it makes the record unusual. */
export function writeAttributes(to: usize, begin: usize, end: usize, isRoot: bool): usize {
  let at = to;
  let from = begin;
  let count: u32 = 0;
  while (from < end && !isUnusual) {
    const name = skipSpace(from, end);
    if (name === end) break;
    const nameEnd = beginsName(byteAt(name)) ? endOfName(name, end) : name;
    const quote = openingQuote(nameEnd, end);
    if (
      (name === from && count > 0) ||
      nameEnd === name ||
      quote === 0 ||
      count === MOST_ATTRIBUTES ||
      isInherited(name, nameEnd - name) ||
      isKnown(name, nameEnd, count)
    )
      beUnusual();
    else {
      rememberName(name, nameEnd, count++);
      const value = quote + 1;
      const valueEnd = find(value, end, byteAt(quote));
      if (valueEnd === end || find(value, valueEnd, LESS) !== valueEnd) beUnusual();
      const valueAt = writeAttributeName(at, name, nameEnd);
      at = writeValue(valueAt, value, valueEnd);
      if (isRoot && fieldCount > 0) noteAttribute(name, nameEnd, valueAt, at);
      at = writeByte(at, COMMA);
      from = valueEnd + 1;
    }
  }
  return at;
}

/** Where the quote stands behind a `=`; 0 where there is none. */
function openingQuote(from: usize, end: usize): usize {
  const equals = skipSpace(from, end);
  if (equals === end || byteAt(equals) !== EQUALS) return 0;
  const quote = skipSpace(equals + 1, end);
  if (quote === end) return 0;
  return byteAt(quote) === QUOTE || byteAt(quote) === APOSTROPHE ? quote : 0;
}

function isInherited(name: usize, length: usize): bool {
  if (length === PROTO_LENGTH) return isSame(name, protoName, length);
  return length === OWN_PROPERTY_LENGTH && isSame(name, ownPropertyName, length);
}

function isKnown(name: usize, nameEnd: usize, count: u32): bool {
  for (let index: u32 = 0; index < count; index++) {
    const other = load<u32>(names + index * 8) as usize;
    const otherEnd = load<u32>(names + index * 8 + 4) as usize;
    if (otherEnd - other === nameEnd - name && isSame(other, name, nameEnd - name)) return true;
  }
  return false;
}

function rememberName(name: usize, nameEnd: usize, index: u32): void {
  store<u32>(names + index * 8, name as u32);
  store<u32>(names + index * 8 + 4, nameEnd as u32);
}

function writeAttributeName(to: usize, name: usize, nameEnd: usize): usize {
  const at = writeByte(to, QUOTE);
  copy(at, name, nameEnd - name);
  return writeByte(writeByte(at + (nameEnd - name), QUOTE), COLON);
}

function writeValue(to: usize, value: usize, valueEnd: usize): usize {
  return writeByte(writeText(writeByte(to, QUOTE), value, valueEnd), QUOTE);
}

function noteAttribute(name: usize, nameEnd: usize, begin: usize, end: usize): void {
  const length = nameEnd - name;
  noteSpan(ATTRIBUTE, name, length as u32, hashOf(name, length), begin, end);
}
