/** Writes the record as JSON, as xml2js makes it: text under `_`, attributes under `$`, repeated elements as arrays. */
import { writeAttributes } from './attributes';
import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  DOLLAR,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  UNDERSCORE,
} from './characters';
import { Element, elementAt, HAS_TEXT, NONE, pieceAt } from './element';
import { CHILD, fieldCount, noteSpan } from './fields';
import { beUsual, isUnusual, writeByte, writeText, writeVerbatim } from './json-text';
import { copy } from './scan';

const ROOT: u32 = 0;

/**
 * JSON of a record takes at most so many times its bytes, and some. Worst is `<a b=""/>`, 9 bytes, as
 * `"a":{"$":{"b":""}},`, 19 bytes.
 */
export const GROWTH: usize = 3;
export const GROWTH_BASE: usize = 64;

let record: usize = 0;

/** Gives the end of what was written; 0: something is unusual. */
export function writeRecord(to: usize, at: usize): usize {
  record = at;
  beUsual();
  const end = writeValue(to, elementAt(ROOT), true);
  return isUnusual ? 0 : end;
}

function writeValue(to: usize, element: Element, isRoot: bool): usize {
  const hasAttributes = element.attributes < element.attributesEnd;
  if (element.firstChild === NONE && !hasAttributes) return writeString(to, element);
  let at = writeByte(to, OPENING_BRACE);
  if ((element.flags & HAS_TEXT) !== 0) at = writeByte(writeString(writeKey(at, UNDERSCORE), element), COMMA);
  if (hasAttributes) {
    at = writeByte(writeKey(at, DOLLAR), OPENING_BRACE);
    at = writeAttributes(at, record + element.attributes, record + element.attributesEnd, isRoot);
    at = writeByte(closeWith(at, CLOSING_BRACE), COMMA);
  }
  return closeWith(writeChildren(at, element, isRoot), CLOSING_BRACE);
}

/** The comma behind the last field gives way. */
function closeWith(end: usize, bracket: u32): usize {
  return writeByte(end - 1, bracket);
}

function writeKey(to: usize, letter: u32): usize {
  return writeByte(writeByte(writeByte(writeByte(to, QUOTE), letter), QUOTE), COLON);
}

function writeChildren(to: usize, element: Element, isRoot: bool): usize {
  let at = to;
  for (let index = element.firstChild; index !== NONE && !isUnusual; ) {
    const child = elementAt(index);
    const begin = writeName(at, child);
    at = child.nextSame === NONE ? writeValue(begin, child, false) : writeArray(begin, child);
    if (isRoot && fieldCount > 0) noteSpan(CHILD, record + child.name, child.nameLength, child.nameHash, begin, at);
    at = writeByte(at, COMMA);
    index = child.nextChild;
  }
  return at;
}

function writeArray(to: usize, first: Element): usize {
  let at = writeByte(writeValue(writeByte(to, OPENING_BRACKET), first, false), COMMA);
  for (let index = first.nextSame; index !== NONE && !isUnusual; ) {
    const element = elementAt(index);
    at = writeByte(writeValue(at, element, false), COMMA);
    index = element.nextSame;
  }
  return closeWith(at, CLOSING_BRACKET);
}

function writeName(to: usize, element: Element): usize {
  const name = writeByte(to, QUOTE);
  copy(name, record + element.name, element.nameLength);
  return writeByte(writeByte(name + element.nameLength, QUOTE), COLON);
}

function writeString(to: usize, element: Element): usize {
  let at = writeByte(to, QUOTE);
  for (let index = element.firstPiece; index !== NONE && !isUnusual; ) {
    const piece = pieceAt(index);
    const begin = record + piece.begin;
    const end = record + piece.end;
    at = piece.isCdata ? writeVerbatim(at, begin, end) : writeText(at, begin, end);
    index = piece.next;
  }
  return writeByte(at, QUOTE);
}
