/** Passes comments, instructions, CDATA sections and the document type declaration. */
import { byteAt, CLOSING_BRACKET, GREATER, HYPHEN, OPENING_BRACKET, QUESTION } from './characters';
import { passDoctype } from './doctype';
import { endOfCharacters, endOfPiece, giveOther, giveText } from './parts';
import { BUILDING, begin, decline, limit, lineAt, mode, moveTo, OPENED, searched } from './reader';
import { noteOther } from './record';
import { addResult, DOCTYPE } from './results';
import { find, findFar } from './scan';
import { goOn, note, stopAt, stopHere, TEXT, waitFrom } from './steps';
import { addCdata } from './text-pieces';

export const CDATA_BEGIN: usize = 9;
export const CDATA_END: usize = 3;
export const DOCTYPE_BEGIN: usize = 9;

/** `<![CDATA` as a number. */
const CDATA_LETTERS: u64 = ((0x41544144 as u64) << 32) | 0x435b213c;

/** Bytes before the content of the CDATA section that is read; 0: a piece of it was given already. */
let cdataBegin: usize = CDATA_BEGIN;

export function beginCdata(): void {
  cdataBegin = CDATA_BEGIN;
}

export function passComment(): bool {
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

export function passInstruction(): bool {
  let at = find(searched, limit, QUESTION);
  while (at + 1 < limit) {
    if (byteAt(at + 1) === GREATER) return passOther(at + 2);
    at = find(at + 1, limit, QUESTION);
  }
  return waitFrom(at);
}

function passOther(end: usize): bool {
  if (mode === BUILDING) noteOther();
  else if (mode === OPENED && !giveOther()) return stopHere();
  return goOn(TEXT, end);
}

/** Whether a CDATA section begins here. */
export function beginsCdata(at: usize): bool {
  return load<u64>(at) === CDATA_LETTERS && byteAt(at + 8) === OPENING_BRACKET;
}

/** The first `]]>`, if that lies before `last` whole; if not, the place from which on it may come. */
export function endOfCdata(from: usize, last: usize): usize {
  let at = findFar(from, last, CLOSING_BRACKET);
  while (at + 2 < last && (byteAt(at + 1) !== CLOSING_BRACKET || byteAt(at + 2) !== GREATER))
    at = find(at + 1, last, CLOSING_BRACKET);
  return at;
}

export function passCdata(): bool {
  const last = mode === OPENED ? endOfPiece() : limit;
  const at = endOfCdata(searched, last);
  if (at + 2 < last) {
    if (mode === BUILDING) note(addCdata(begin + CDATA_BEGIN, at));
    else if (mode === OPENED && !giveSection(at)) return stopAt(at);
    return goOn(TEXT, at + CDATA_END);
  }
  if (last === limit) return waitFrom(at);
  return giveBeginOfSection(at) || stopAt(at);
}

/** An empty section says something, the empty rest of one does not. */
function giveSection(end: usize): bool {
  const content = begin + cdataBegin;
  return (content === end && cdataBegin === 0) || giveText(content, end, true);
}

/** The first piece of a long section. */
function giveBeginOfSection(last: usize): bool {
  const content = begin + cdataBegin;
  const end = endOfCharacters(content, last);
  if (!giveText(content, end, true)) return false;
  cdataBegin = 0;
  moveTo(end);
  return true;
}

export function passDocumentType(): bool {
  const end = passDoctype(begin + DOCTYPE_BEGIN, limit);
  if (end === 0) return false;
  addResult(DOCTYPE, lineAt(begin), begin, end, 0, 0, 0);
  return goOn(TEXT, end);
}
