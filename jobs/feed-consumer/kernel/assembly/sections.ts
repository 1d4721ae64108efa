/** Passes comments, instructions, CDATA sections and the document type declaration. */
import { byteAt, CLOSING_BRACKET, GREATER, HYPHEN, QUESTION } from './characters';
import { passDoctype } from './doctype';
import { BUILDING, begin, decline, limit, lineAt, mode, searched } from './reader';
import { noteOther } from './record';
import { addResult, DOCTYPE } from './results';
import { find, findFar } from './scan';
import { goOn, note, TEXT, waitFrom } from './steps';
import { addCdata } from './text-pieces';

export const CDATA_BEGIN: usize = 9;
export const DOCTYPE_BEGIN: usize = 9;

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
  return goOn(TEXT, end);
}

export function passCdata(): bool {
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

export function passDocumentType(): bool {
  const end = passDoctype(begin + DOCTYPE_BEGIN, limit);
  if (end === 0) return false;
  addResult(DOCTYPE, lineAt(begin), begin, end, 0, 0);
  return goOn(TEXT, end);
}
