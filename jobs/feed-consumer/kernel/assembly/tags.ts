/** Passes the tags of elements. */
import { APOSTROPHE, byteAt, GREATER, isSpace, QUOTE, SLASH, UNDERSCORE } from './characters';
import { MOST_NAME } from './limits';
import { endOfName, hashOf, isRecordName } from './names';
import { closesOpened, giveEndTag, giveStartTag } from './parts';
import {
  BUILDING,
  begin,
  beginOpening,
  beginRecord,
  closeDepth,
  decline,
  depth,
  endRecord,
  limit,
  mode,
  noteOpened,
  noteSearched,
  OPENED,
  OPENING,
  OUTSIDE,
  openDepth,
  searched,
} from './reader';
import { closesOpenElement, isOnOpenPath, plainEnd, popElement, pushElement } from './record';
import { isFull } from './results';
import { find, findAnyOf, skipSpace } from './scan';
import {
  CROSSING_TAGS,
  failHere,
  goOn,
  MARKUP_TOO_LONG,
  note,
  noteRoot,
  SECOND_ROOT,
  sawRoot,
  stopAt,
  stopHere,
  TEXT,
  waitFrom,
} from './steps';

/** The quote that the place searched last stands in, in a start tag; 0: in none. */
let tagQuote: u32 = 0;

export function beginStartTag(): void {
  tagQuote = 0;
}

export function passStartTag(): bool {
  const name = begin + 1;
  const nameEnd = endOfName(name, limit);
  if (nameEnd - name > MOST_NAME) return failHere(MARKUP_TOO_LONG);
  if (nameEnd === limit) return false;
  const end = byteAt(nameEnd) === GREATER ? nameEnd : endOfTag(max(searched, nameEnd));
  if (end === limit) return false;
  if (mode === OPENED && isOnOpenPath(begin)) beginOpening();
  if (mode !== BUILDING && !canOpen(name, nameEnd, end)) return false;
  openDepth();
  if (mode === OPENING) {
    noteOpened();
    return goOn(TEXT, end + 1);
  }
  if (mode === OPENED || (mode === OUTSIDE && isRecordName(name, nameEnd - name))) beginRecord(begin);
  const isEmpty = end > nameEnd && byteAt(end - 1) === SLASH;
  if (mode === BUILDING) build(name, nameEnd, isEmpty ? end - 1 : end);
  if (mode === OPENING) return true;
  return isEmpty ? close(end + 1) : goOn(TEXT, end + 1);
}

/** Whether an element may begin now that is not one of a record that is built. */
function canOpen(name: usize, nameEnd: usize, end: usize): bool {
  switch (mode) {
    case OUTSIDE:
      if (depth === 0 && sawRoot) return failHere(SECOND_ROOT);
      noteRoot();
      return !isFull() || !isRecordName(name, nameEnd - name) || stopHere();
    case OPENED:
      return !isFull() || stopHere();
    case OPENING:
      return giveStartTag(name, nameEnd, end) || stopHere();
    default:
      return true;
  }
}

/** The `>` of a start tag, which does not count within quotes; `limit` where it has not come yet. */
function endOfTag(from: usize): usize {
  let at = from;
  while (at < limit) {
    if (tagQuote === 0) {
      at = findAnyOf(at, limit, GREATER, QUOTE, APOSTROPHE);
      if (at === limit || byteAt(at) === GREATER) break;
      tagQuote = byteAt(at);
    } else {
      at = find(at, limit, tagQuote);
      if (at === limit) break;
      tagQuote = 0;
    }
    at++;
  }
  noteSearched(at);
  return at;
}

function build(name: usize, nameEnd: usize, end: usize): void {
  const length = nameEnd - name;
  // An element of this name would meet the text of its parent.
  const isReserved = length === 1 && byteAt(name) === UNDERSCORE;
  if (isReserved || (nameEnd < end && !isSpace(byteAt(nameEnd)))) decline();
  else note(pushElement(name, length, hashOf(name, length), skipSpace(nameEnd, end), end));
}

/** An element ends before `end`. */
function close(end: usize): bool {
  if (mode === BUILDING) popElement();
  if (closeDepth() && !endRecord(end)) {
    goOn(TEXT, end);
    return stopHere();
  }
  return goOn(TEXT, end);
}

export function passEndTag(): bool {
  if (mode === OPENED) return passEndOfOpened();
  // Nearly all are written without white space.
  if (mode === BUILDING && depth > 0) {
    const end = plainEnd(begin + 2, limit);
    if (end !== 0) return close(end);
  }
  const end = find(searched, limit, GREATER);
  if (end === limit) return waitFrom(end);
  if (depth === 0 || (mode === BUILDING && !closesOpenElement(begin + 2, end))) return failHere(CROSSING_TAGS);
  return close(end + 1);
}

function passEndOfOpened(): bool {
  const end = find(searched, limit, GREATER);
  if (end === limit) return waitFrom(end);
  if (!closesOpened(begin + 2, end)) return failHere(CROSSING_TAGS);
  return giveEndTag(end + 1) ? goOn(TEXT, end + 1) : stopAt(end);
}
