/**
 * Checks the content of an XML document, from the root's start tag on, as its bytes pass: https://www.w3.org/TR/xml/,
 * fifth edition. The bytes are UTF-8 and lie anywhere behind `input`, in pieces of any size. What a piece does not hold
 * whole (a tag, a reference, the beginning of a comment) is left unread and must come again with more behind it; texts,
 * comments, sections and instructions may go on over any number of pieces.
 */
import {
  afterSpace,
  ampersand,
  byteAt,
  closeBracket,
  exclamation,
  greaterThan,
  hyphen,
  isSpace,
  lessThan,
  nextStop,
  oddCharacter,
  openBracket,
  question,
  slash,
  stopsOfCdata,
  stopsOfComment,
  stopsOfInstruction,
  stopsOfText,
} from './characters';
import { boundCount, forgetBounds, nameRecords, openDepth, resetElements } from './elements';
import {
  cdataOutsideRoot,
  lateDoctype,
  none,
  reservedTarget,
  sectionEndInText,
  strayInInstruction,
  tagTooLong,
  textOutsideRoot,
  twoHyphensInComment,
  unknownSection,
} from './faults';
import { longestTag, mostRecordBounds } from './layout';
import { fillNameClasses, name } from './names';
import { reference } from './references';
import { clearFault, fault, stop, unread } from './stop';
import { endTag, startTag } from './tags';

export { boundCount, innermostName, innermostNameLength, openDepth } from './elements';
export { columnOf, lineOf, pass, startAt } from './position';
export { fault, faultAt } from './stop';

/** What the next byte belongs to. */
const inContent: u32 = 0;
const inComment: u32 = 1;
const inCdata: u32 = 2;
const inInstruction: u32 = 3;
let place: u32 = inContent;

/** Begins a document. The name of its records lies at `recordName`. */
export function begin(recordNameLength: usize, hasColon: bool): void {
  fillNameClasses();
  resetElements(recordNameLength);
  nameRecords(hasColon);
  clearFault();
  place = inContent;
}

/** What the document would be cut off within: 0 content, 1 a comment, 2 a CDATA section, 3 an instruction. */
export function openPlace(): u32 {
  return place;
}

/**
 * Checks a piece. Gives the address up to which it has: the end, or where something begins that goes on behind it, or
 * where a fault is (`fault`), or where the table of bounds is full; the latter is to be emptied and the rest to be checked.
 */
export function check(from: usize, to: usize): usize {
  forgetBounds();
  let at = from;
  // No step finds more than two bounds.
  while (at < to && boundCount() + 2 <= <u32>mostRecordBounds) {
    const next = step(at, to);
    if (next === unread) break;
    at = next;
  }
  return at;
}

function step(at: usize, to: usize): usize {
  switch (place) {
    case inContent:
      return openDepth() === 0 ? outside(at, to) : content(at, to);
    case inComment:
      return comment(at, to);
    case inCdata:
      return cdata(at, to);
    default:
      return instruction(at, to);
  }
}

/** Before and behind the root only white space, comments and instructions may stand. */
function outside(at: usize, to: usize): usize {
  const next = afterSpace(at, to);
  if (next > at) return next;
  return byteAt(at) === lessThan ? markup(at, to) : stop(textOutsideRoot, at);
}

function content(at: usize, to: usize): usize {
  const next = nextStop(at, to, stopsOfText);
  if (next > at) return next;
  const byte = byteAt(at);
  if (byte === lessThan) return markup(at, to);
  if (byte === ampersand) return whole(reference(at, min(to, at + longestTag), false), at, to);
  if (byte !== closeBracket) return oddCharacter(at, to);
  const after = afterSectionEnd(at, to);
  return after === at + 3 ? stop(sectionEndInText, at) : after;
}

function markup(at: usize, to: usize): usize {
  if (at + 1 >= to) return unread;
  const limit = min(to, at + longestTag);
  const byte = byteAt(at + 1);
  if (byte === slash) return whole(endTag(at, limit), at, to);
  if (byte === exclamation) return declaration(at, to);
  if (byte === question) return beginInstruction(at, to);
  return whole(startTag(at, limit), at, to);
}

/** Passes on what a reader gave that was shown no more than `longestTag` bytes. */
function whole(next: usize, at: usize, to: usize): usize {
  return next === unread && fault() === none && to - at >= <usize>longestTag ? stop(tagTooLong, at) : next;
}

/** Reads the beginning of a comment or of a CDATA section. */
function declaration(at: usize, to: usize): usize {
  if (at + 2 >= to) return unread;
  const byte = byteAt(at + 2);
  if (byte === hyphen) return beginComment(at, to);
  if (byte === openBracket) return beginCdata(at, to);
  return stop(byte === letterD ? lateDoctype : unknownSection, at);
}

const letterD: u32 = 0x44;

function beginComment(at: usize, to: usize): usize {
  if (at + 3 >= to) return unread;
  if (byteAt(at + 3) !== hyphen) return stop(unknownSection, at);
  place = inComment;
  return at + 4;
}

/** The letters `CDATA[` as they lie in memory, lowest byte first. */
const cdataLetters: u64 = 0x5b4154414443;
const cdataStart: usize = 9;

function beginCdata(at: usize, to: usize): usize {
  const known = min(to - at, cdataStart) - 3;
  const mask: u64 = ((<u64>1) << (8 * known)) - 1;
  if ((load<u64>(at + 3) & mask) !== (cdataLetters & mask)) return stop(unknownSection, at);
  if (openDepth() === 0) return stop(cdataOutsideRoot, at);
  if (at + cdataStart > to) return unread;
  place = inCdata;
  return at + cdataStart;
}

function comment(at: usize, to: usize): usize {
  const next = nextStop(at, to, stopsOfComment);
  if (next > at) return next;
  if (byteAt(at) !== hyphen) return oddCharacter(at, to);
  if (at + 1 >= to) return unread;
  if (byteAt(at + 1) !== hyphen) return at + 1;
  if (at + 2 >= to) return unread;
  if (byteAt(at + 2) !== greaterThan) return stop(twoHyphensInComment, at);
  place = inContent;
  return at + 3;
}

function cdata(at: usize, to: usize): usize {
  const next = nextStop(at, to, stopsOfCdata);
  if (next > at) return next;
  if (byteAt(at) !== closeBracket) return oddCharacter(at, to);
  const after = afterSectionEnd(at, to);
  if (after === at + 3) place = inContent;
  return after;
}

/** The address behind `]]>` where it stands at a bracket, else behind the bracket. */
function afterSectionEnd(at: usize, to: usize): usize {
  if (at + 1 >= to) return unread;
  if (byteAt(at + 1) !== closeBracket) return at + 1;
  if (at + 2 >= to) return unread;
  return byteAt(at + 2) === greaterThan ? at + 3 : at + 1;
}

function beginInstruction(at: usize, to: usize): usize {
  const begin = at + 2;
  const end = name(begin, to);
  if (end === unread) return unread;
  if (end - begin === 3 && (load<u32>(begin) & 0xdfdfdf) === lettersXml) return stop(reservedTarget, at);
  if (isSpace(byteAt(end))) {
    place = inInstruction;
    return end + 1;
  }
  if (byteAt(end) !== question) return stop(strayInInstruction, end);
  if (end + 1 >= to) return unread;
  return byteAt(end + 1) === greaterThan ? end + 2 : stop(strayInInstruction, end);
}

/** The letters `XML` as they lie in memory. A letter is made a capital one by taking a bit from it. */
const lettersXml: u32 = 0x4c4d58;

function instruction(at: usize, to: usize): usize {
  const next = nextStop(at, to, stopsOfInstruction);
  if (next > at) return next;
  if (byteAt(at) !== question) return oddCharacter(at, to);
  if (at + 1 >= to) return unread;
  if (byteAt(at + 1) !== greaterThan) return at + 1;
  place = inContent;
  return at + 2;
}
