/** Walks through the document, from one text or piece of markup to the next. */
import { beginsName, byteAt, EXCLAMATION, HYPHEN, LESS, QUESTION, SLASH } from './characters';
import { passLeaf } from './leaves';
import { MOST_MARKUP } from './limits';
import { endOfPiece, giveBeginOfText, giveText } from './parts';
import {
  BUILDING,
  begin,
  depth,
  endRecord,
  isKept,
  isLarge,
  isTooLarge,
  limit,
  mode,
  moveTo,
  OPENED,
  record,
  refuseLarge,
  searched,
  waitingEnd,
} from './reader';
import { find, isSame } from './scan';
import {
  beginCdata,
  beginsCdata,
  CDATA_BEGIN,
  DOCTYPE_BEGIN,
  passCdata,
  passComment,
  passDocumentType,
  passInstruction,
} from './sections';
import {
  beginRun,
  CDATA,
  COMMENT,
  CUT_OFF,
  DOCUMENT_TYPE,
  END_TAG,
  failHere,
  failure,
  goOn,
  goOnHere,
  INSTRUCTION,
  isStopped,
  MARKUP,
  MARKUP_TOO_LONG,
  NO_ROOT,
  NOT_MARKUP,
  note,
  openKept,
  START_TAG,
  sawRoot,
  state,
  stopAt,
  TEXT,
  waitFrom,
} from './steps';
import { beginStartTag, passEndTag, passStartTag } from './tags';
import { addText } from './text-pieces';

/** How a run ended. */
export const NEEDS_INPUT: u32 = 0;
export const IS_FULL: u32 = 1;
export const FAILED: u32 = 2;

const COMMENT_BEGIN: usize = 4;
const doctypeBegin = memory.data<u8>([0x3c, 0x21, 0x44, 0x4f, 0x43, 0x54, 0x59, 0x50, 0x45]);

/** Reads as far as the input goes, or until the host is to take what was found. */
export function walk(): u32 {
  beginRun();
  if (waitingEnd !== 0 && !endRecord(waitingEnd)) return IS_FULL;
  do while (passNext());
  while (opensWhatIsLarge());
  if (failure !== 0) return FAILED;
  if (isStopped) return IS_FULL;
  if (isTooLarge(limit)) refuseLarge();
  if (!isKept() && state !== TEXT && isBounded() && limit - begin > MOST_MARKUP) return fail(MARKUP_TOO_LONG);
  return NEEDS_INPUT;
}

/** Whether there is more to read since what is kept has become too large for that. */
function opensWhatIsLarge(): bool {
  if (failure !== 0 || isStopped || !isLarge()) return false;
  openKept(limit);
  return true;
}

/** Whether what is read must be seen in one piece. */
function isBounded(): bool {
  return state === MARKUP || state === START_TAG || state === END_TAG || state === DOCUMENT_TYPE;
}

/** The first byte that is still needed. */
export function needed(): usize {
  if (isKept()) return record;
  const isGiven = mode === OPENED && (state === TEXT || state === CDATA);
  return isGiven || isBounded() ? begin : searched;
}

/** There is no more input. */
export function endWalk(): u32 {
  if (!sawRoot && state === TEXT) return fail(NO_ROOT);
  if (state !== TEXT || depth > 0) return fail(CUT_OFF);
  return NEEDS_INPUT;
}

function fail(reason: u32): u32 {
  failHere(reason);
  return FAILED;
}

/**
 * False: there is no going on now. Where what follows is known, a step leads straight to it: each turn through here costs the
 * processor a guess.
 */
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

function passText(): bool {
  if (mode === OPENED) return passGivenText();
  do {
    const end = find(searched, limit, LESS);
    if (end === limit) return waitFrom(end);
    if (mode === BUILDING) note(addText(begin, end));
    moveTo(end);
  } while (mode === BUILDING && passLeaf());
  goOn(MARKUP, begin);
  return classifyMarkup();
}

/** The text of an opened element, in pieces where it is long. */
function passGivenText(): bool {
  const last = endOfPiece();
  const end = find(searched, last, LESS);
  if (end < last) {
    if (!giveText(begin, end, false)) return stopAt(end);
    goOn(MARKUP, end);
    return classifyMarkup();
  }
  if (last === limit) return waitFrom(end);
  return giveBeginOfText(last) || stopAt(end);
}

function classifyMarkup(): bool {
  if (limit - begin < 2) return false;
  const byte = byteAt(begin + 1);
  if (byte === SLASH) {
    goOnHere(END_TAG, 2);
    return passEndTag();
  }
  if (byte === QUESTION) return goOnHere(INSTRUCTION, 2);
  if (byte === EXCLAMATION) return classifyDeclaration();
  if (!beginsName(byte)) return failHere(NOT_MARKUP);
  beginStartTag();
  goOnHere(START_TAG, 1);
  return passStartTag();
}

function classifyDeclaration(): bool {
  const length = limit - begin;
  if (length < COMMENT_BEGIN) return false;
  if (byteAt(begin + 2) === HYPHEN && byteAt(begin + 3) === HYPHEN) return goOnHere(COMMENT, COMMENT_BEGIN);
  if (length < CDATA_BEGIN) return false;
  if (beginsCdata(begin) && depth > 0) {
    beginCdata();
    goOnHere(CDATA, CDATA_BEGIN);
    return passCdata();
  }
  if (isSame(begin, doctypeBegin, DOCTYPE_BEGIN) && !sawRoot) return goOnHere(DOCUMENT_TYPE, DOCTYPE_BEGIN);
  return failHere(NOT_MARKUP);
}
