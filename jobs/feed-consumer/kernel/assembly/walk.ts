/** Walks through the document, from one text or piece of markup to the next. Each function passes one of them. */
import {
  APOSTROPHE,
  beginsName,
  byteAt,
  CLOSING_BRACKET,
  EXCLAMATION,
  GREATER,
  HYPHEN,
  isSpace,
  LESS,
  QUESTION,
  QUOTE,
  SLASH,
  UNDERSCORE,
} from './characters';
import { passDoctype } from './doctype';
import { MOST_MARKUP, MOST_NAME } from './limits';
import { isRecordName, nameHash, readName } from './names';
import {
  BUILDING,
  begin,
  beginRecord,
  closeDepth,
  decline,
  depth,
  endRecord,
  isKept,
  limit,
  lineAt,
  mode,
  moveTo,
  noteSearched,
  OUTSIDE,
  openDepth,
  record,
  refuse,
  refuseWhatIsTooLarge,
  searched,
  waitingEnd,
} from './reader';
import {
  addCdata,
  addText,
  BUILT,
  closesOpenElement,
  noteOther,
  plainEnd,
  popElement,
  pushElement,
  UNUSUAL,
} from './record';
import { addResult, DOCTYPE, isFull, TOO_MANY_ELEMENTS } from './results';
import { find, findFar, isSame, skipSpace } from './scan';

/** How a run ended. */
export const NEEDS_INPUT: u32 = 0;
export const IS_FULL: u32 = 1;
export const FAILED: u32 = 2;

/** What is read at `begin`. */
const TEXT: u32 = 0;
const MARKUP: u32 = 1;
const START_TAG: u32 = 2;
const END_TAG: u32 = 3;
const COMMENT: u32 = 4;
const CDATA: u32 = 5;
const INSTRUCTION: u32 = 6;
const DOCUMENT_TYPE: u32 = 7;

/** Why a document cannot be read on. */
const NOT_MARKUP: u32 = 1;
const CROSSING_TAGS: u32 = 2;
const MARKUP_TOO_LONG: u32 = 3;
const CUT_OFF: u32 = 4;
const NO_ROOT: u32 = 5;
const SECOND_ROOT: u32 = 6;

const CDATA_BEGIN: usize = 9;
const COMMENT_BEGIN: usize = 4;
const DOCTYPE_BEGIN: usize = 9;
const cdataBegin = memory.data<u8>([0x3c, 0x21, 0x5b, 0x43, 0x44, 0x41, 0x54, 0x41, 0x5b]);
const doctypeBegin = memory.data<u8>([0x3c, 0x21, 0x44, 0x4f, 0x43, 0x54, 0x59, 0x50, 0x45]);

let state: u32 = TEXT;
/** The quote that the place searched last stands in, in a start tag; 0: in none. */
let tagQuote: u32 = 0;
export let sawRoot: bool = false;
let stopped: bool = false;
export let failure: u32 = 0;
export let failureAt: usize = 0;

/** Reads as far as the input goes, or until the host is to take what was found. */
export function walk(): u32 {
  stopped = false;
  if (waitingEnd !== 0 && !endRecord(waitingEnd)) return IS_FULL;
  while (passNext());
  if (failure !== 0) return FAILED;
  if (stopped) return IS_FULL;
  refuseWhatIsTooLarge();
  if (!isKept() && state !== TEXT && isBounded() && limit - begin > MOST_MARKUP) return fail(MARKUP_TOO_LONG);
  return NEEDS_INPUT;
}

/** Whether what is read must be seen in one piece. */
function isBounded(): bool {
  return state === MARKUP || state === START_TAG || state === END_TAG || state === DOCUMENT_TYPE;
}

/** The first byte that is still needed. */
export function needed(): usize {
  if (isKept()) return record;
  return isBounded() ? begin : searched;
}

/** There is no more input. */
export function endWalk(): u32 {
  if (!sawRoot && state === TEXT) return fail(NO_ROOT);
  if (state !== TEXT || depth > 0) return fail(CUT_OFF);
  return NEEDS_INPUT;
}

function fail(reason: u32): u32 {
  failure = reason;
  failureAt = begin;
  return FAILED;
}

/** False: there is no going on now. */
function passNext(): bool {
  switch (state) {
    case TEXT:
      return passText();
    case MARKUP:
      return classifyMarkup();
    case START_TAG:
      return passStartTag();
    case END_TAG:
      return passEndTag();
    case COMMENT:
      return passComment();
    case CDATA:
      return passCdata();
    case INSTRUCTION:
      return passInstruction();
    default:
      return passDocumentType();
  }
}

function goOn(next: u32, at: usize): bool {
  state = next;
  moveTo(at);
  return true;
}

function waitFrom(at: usize): bool {
  noteSearched(at);
  return false;
}

function failHere(reason: u32): bool {
  fail(reason);
  return false;
}

function passText(): bool {
  const end = find(searched, limit, LESS);
  if (end === limit) return waitFrom(end);
  if (mode === BUILDING) note(addText(begin, end));
  return goOn(MARKUP, end);
}

/** What building the record made of something. */
function note(built: u32): void {
  if (built === BUILT) return;
  if (built === UNUSUAL) decline();
  else refuse(TOO_MANY_ELEMENTS);
}

function classifyMarkup(): bool {
  if (limit - begin < 2) return false;
  const byte = byteAt(begin + 1);
  if (byte === SLASH) return goOnHere(END_TAG, 2);
  if (byte === QUESTION) return goOnHere(INSTRUCTION, 2);
  if (byte === EXCLAMATION) return classifyDeclaration();
  if (!beginsName(byte)) return failHere(NOT_MARKUP);
  tagQuote = 0;
  return goOnHere(START_TAG, 1);
}

/** The markup stays where it begins; its end is sought behind what it begins with. */
function goOnHere(next: u32, length: usize): bool {
  state = next;
  noteSearched(begin + length);
  return true;
}

function classifyDeclaration(): bool {
  const length = limit - begin;
  if (length < COMMENT_BEGIN) return false;
  if (byteAt(begin + 2) === HYPHEN && byteAt(begin + 3) === HYPHEN) return goOnHere(COMMENT, COMMENT_BEGIN);
  if (length < CDATA_BEGIN) return false;
  if (isSame(begin, cdataBegin, CDATA_BEGIN) && depth > 0) return goOnHere(CDATA, CDATA_BEGIN);
  if (isSame(begin, doctypeBegin, DOCTYPE_BEGIN) && !sawRoot) return goOnHere(DOCUMENT_TYPE, DOCTYPE_BEGIN);
  return failHere(NOT_MARKUP);
}

function passStartTag(): bool {
  const name = begin + 1;
  const nameEnd = readName(name, limit);
  if (nameEnd - name > MOST_NAME) return failHere(MARKUP_TOO_LONG);
  if (nameEnd === limit) return false;
  const hash = nameHash;
  const end = endOfTag(max(searched, nameEnd));
  if (end === limit) return false;
  if (mode === OUTSIDE && !canOpen(name, nameEnd)) return false;
  openDepth();
  if (mode === OUTSIDE && isRecordName(name, nameEnd - name)) beginRecord(begin);
  const isEmpty = end > nameEnd && byteAt(end - 1) === SLASH;
  if (mode === BUILDING) build(name, nameEnd, hash, isEmpty ? end - 1 : end);
  return isEmpty ? close(end + 1) : goOn(TEXT, end + 1);
}

/** Whether an element may begin outside records. */
function canOpen(name: usize, nameEnd: usize): bool {
  if (depth === 0 && sawRoot) return failHere(SECOND_ROOT);
  sawRoot = true;
  if (!isFull() || !isRecordName(name, nameEnd - name)) return true;
  stopped = true;
  return false;
}

/** The `>` of a start tag, which does not count within quotes; `limit` where it has not come yet. */
function endOfTag(from: usize): usize {
  let at = from;
  while (at < limit) {
    if (tagQuote !== 0) {
      at = find(at, limit, tagQuote);
      if (at < limit) {
        tagQuote = 0;
        at++;
      }
    } else {
      const byte = byteAt(at);
      if (byte === GREATER) break;
      if (byte === QUOTE || byte === APOSTROPHE) tagQuote = byte;
      at++;
    }
  }
  noteSearched(at);
  return at;
}

function build(name: usize, nameEnd: usize, hash: u32, end: usize): void {
  const length = nameEnd - name;
  // An element of this name would meet the text of its parent.
  const isReserved = length === 1 && byteAt(name) === UNDERSCORE;
  if (isReserved || (nameEnd < end && !isSpace(byteAt(nameEnd)))) decline();
  else note(pushElement(name, length, hash, skipSpace(nameEnd, end), end));
}

/** An element ends before `end`. */
function close(end: usize): bool {
  if (mode === BUILDING) popElement();
  if (closeDepth() && !endRecord(end)) {
    goOn(TEXT, end);
    stopped = true;
    return false;
  }
  return goOn(TEXT, end);
}

function passEndTag(): bool {
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

function passComment(): bool {
  let at = find(searched, limit, HYPHEN);
  while (at + 2 < limit) {
    if (byteAt(at + 1) === HYPHEN) {
      if (byteAt(at + 2) === GREATER) return passOther(at + 3);
      // XML allows no `--` in it.
      decline();
    }
    at = find(at + 1, limit, HYPHEN);
  }
  return waitFrom(at);
}

function passInstruction(): bool {
  let at = find(searched, limit, QUESTION);
  while (at + 1 < limit) {
    if (byteAt(at + 1) === GREATER) return passOther(at + 2);
    at = find(at + 1, limit, QUESTION);
  }
  return waitFrom(at);
}

function passOther(end: usize): bool {
  if (mode === BUILDING) noteOther();
  return goOn(TEXT, end);
}

function passCdata(): bool {
  let at = findFar(searched, limit, CLOSING_BRACKET);
  while (at + 2 < limit) {
    if (byteAt(at + 1) === CLOSING_BRACKET && byteAt(at + 2) === GREATER) {
      if (mode === BUILDING) note(addCdata(begin + CDATA_BEGIN, at));
      return goOn(TEXT, at + 3);
    }
    at = find(at + 1, limit, CLOSING_BRACKET);
  }
  return waitFrom(at);
}

function passDocumentType(): bool {
  const end = passDoctype(begin + DOCTYPE_BEGIN, limit);
  if (end === 0) return false;
  addResult(DOCTYPE, lineAt(begin), begin, end, 0, 0);
  return goOn(TEXT, end);
}
