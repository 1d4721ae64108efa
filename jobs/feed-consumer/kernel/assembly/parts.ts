/**
 * Gives the elements of a large record in parts: an opened one's start tag, the pieces of its text, and its end tag. Its
 * children are built and given as records are. Each function that gives something says whether there was room for it.
 */
import { writeAttributes } from './attributes';
import { AMPERSAND, byteAt, CLOSING_BRACE, isSpace, OPENING_BRACE, SEMICOLON } from './characters';
import { HAS_OTHER } from './element';
import { beUnusual, beUsual, isUnusual, writeByte, writeText, writeVerbatim } from './json-text';
import { hashOf } from './names';
import { begin, closeOpened, isTooLarge, largeEnd, largest, limit, lineAt, moveTo, openedCount } from './reader';
import { hasRoomFor } from './record-result';
import { MOST_DEPTH, noteOutput, output, outputUsed } from './regions';
import {
  addResult,
  CLOSED,
  ENDS_RECORD,
  IS_CDATA,
  IS_DECLINED,
  isFull,
  OPENED,
  TEXT_PIECE,
  TOO_LARGE,
} from './results';
import { find, skipSpace } from './scan';
import { flagsOfCdata, flagsOfText } from './text-pieces';

/** Bytes of a text that are given at once. */
const MOST_PIECE: usize = 16 * 1024;

/** Length and hash of the name of each opened element, the outermost first. */
const names = memory.data(MOST_DEPTH * 8, 16);

/** What others are to read of it has its length in the place of JSON. */
export function giveStartTag(name: usize, nameEnd: usize, end: usize): bool {
  if (isFull() || !hasRoomFor(end - begin)) return false;
  const level = openedCount;
  if (level < MOST_DEPTH) {
    store<u32>(names + level * 8, (nameEnd - name) as u32);
    store<u32>(names + level * 8, hashOf(name, nameEnd - name), 4);
  }
  beUsual();
  if (nameEnd < end && !isSpace(byteAt(nameEnd))) beUnusual();
  const attributes = skipSpace(nameEnd, end);
  const json = outputUsed;
  const jsonEnd = attributes === end ? json : writeObject(json, attributes, end);
  addGiven(
    OPENED,
    begin,
    largeEnd,
    json,
    isUnusual ? json + (end + 1 - begin) : jsonEnd,
    attributes === end ? 0 : HAS_OTHER,
  );
  return true;
}

function writeObject(to: usize, attributes: usize, end: usize): usize {
  // The comma behind the last one gives way.
  return writeByte(writeAttributes(writeByte(to, OPENING_BRACE), attributes, end, false) - 1, CLOSING_BRACE);
}

export function giveText(from: usize, end: usize, isCdata: bool): bool {
  if (from === end && !isCdata) return true;
  if (isFull() || !hasRoomFor(end - from)) return false;
  beUsual();
  const json = outputUsed;
  const jsonEnd = isCdata ? writeVerbatim(json, from, end) : writeText(json, from, end);
  addGiven(
    TEXT_PIECE,
    from,
    end,
    json,
    jsonEnd,
    isCdata ? IS_CDATA | flagsOfCdata(from, end, false) : flagsOfText(from, end),
  );
  return true;
}

/** A comment or an instruction lies in the element. */
export function giveOther(): bool {
  if (isFull()) return false;
  addResult(TEXT_PIECE, 0, begin, begin, 0, 0, HAS_OTHER);
  return true;
}

/** An end tag ends before `end`: that of the innermost opened element. */
export function giveEndTag(end: usize): bool {
  if (isFull()) return false;
  const isRecord = openedCount === 1;
  if (isRecord && isTooLarge(end)) addResult(TOO_LARGE, 0, begin, end, 0, 0, 0);
  else addResult(CLOSED, 0, begin, end, 0, 0, isRecord ? ENDS_RECORD : 0);
  closeOpened();
  return true;
}

/** Whether the end tag whose name begins here, and whose `>` lies at `end`, is that of the innermost opened element. */
export function closesOpened(name: usize, end: usize): bool {
  const level = openedCount - 1;
  if (level >= MOST_DEPTH) return true;
  const length = load<u32>(names + level * 8) as usize;
  const nameEnd = name + length;
  return nameEnd <= end && hashOf(name, length) === load<u32>(names + level * 8, 4) && skipSpace(nameEnd, end) === end;
}

function addGiven(kind: u32, source: usize, sourceEnd: usize, json: usize, jsonEnd: usize, flags: u32): void {
  if (isUnusual) addResult(kind, lineAt(begin), source, sourceEnd, 0, jsonEnd - json, flags | IS_DECLINED);
  else {
    addResult(kind, lineAt(begin), source, sourceEnd, json - output, jsonEnd - output, flags);
    noteOutput(jsonEnd);
  }
}

/** Where the text or section that is read may be cut in pieces; the end of what is there, where it is short. */
export function endOfPiece(): usize {
  // No markup, character or common reference is longer.
  return min(limit, begin + min(MOST_PIECE, largest + 16));
}

/** The first piece of a long text, but for a character or a reference that it would cut. */
export function giveBeginOfText(last: usize): bool {
  let end = endOfReferences(begin, endOfCharacters(begin, last));
  if (end === begin) end = min(find(last, limit, SEMICOLON) + 1, limit);
  if (!giveText(begin, end, false)) return false;
  moveTo(end);
  return true;
}

/** The end of the last character that is there whole, or the begin of the last one. */
export function endOfCharacters(from: usize, end: usize): usize {
  if (from === end) return end;
  let last = end - 1;
  while (last > from && (byteAt(last) & 0xc0) === 0x80) last--;
  return byteAt(last) < 0x80 ? end : last;
}

/** The begin of a reference that does not end here. */
function endOfReferences(from: usize, end: usize): usize {
  for (let at = end; at > from; at--) {
    const byte = byteAt(at - 1);
    if (byte === SEMICOLON) return end;
    if (byte === AMPERSAND) return at - 1;
  }
  return end;
}
