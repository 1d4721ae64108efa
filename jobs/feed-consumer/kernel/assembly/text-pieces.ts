/** The text of the open record's elements, in the pieces that tags and sections cut it into. */
import { BLANK, blankness, NOT_BLANK } from './blank';
import { Element, HAS_EMPTY_CDATA, HAS_OTHER, HAS_TEXT, IS_SEEN, NONE, pieceAt } from './element';
import { BUILT, openElement, recordBegin, UNUSUAL } from './record';
import { growPieces, MOST_PIECES, pieceCapacity } from './regions';

let pieceCount: u32 = 0;

/** A record begins. */
export function beginPieces(): void {
  pieceCount = 0;
}

export function addText(begin: usize, end: usize): u32 {
  if (begin === end) return BUILT;
  const element = openElement();
  if ((element.flags & IS_SEEN) === 0) element.flags |= flagsOfText(begin, end);
  return addPiece(element, begin, end, 0);
}

export function addCdata(begin: usize, end: usize): u32 {
  const element = openElement();
  element.flags |= flagsOfCdata(begin, end, (element.flags & IS_SEEN) !== 0);
  return begin === end ? BUILT : addPiece(element, begin, end, 1);
}

/** What a text that is not empty makes of its element. */
export function flagsOfText(begin: usize, end: usize): u32 {
  const blank = blankness(begin, end);
  if (blank === NOT_BLANK) return HAS_TEXT | HAS_OTHER | IS_SEEN;
  return blank === BLANK ? 0 : HAS_OTHER;
}

/** Blank text counts as text where it stands in a section, and an `&` is one to see. */
export function flagsOfCdata(begin: usize, end: usize, isSeen: bool): u32 {
  if (begin === end) return HAS_EMPTY_CDATA;
  return HAS_TEXT | HAS_OTHER | (isSeen || blankness(begin, end) !== BLANK ? IS_SEEN : 0);
}

export function addPiece(element: Element, begin: usize, end: usize, isCdata: u32): u32 {
  if (pieceCount === pieceCapacity) {
    if (pieceCount === MOST_PIECES) return UNUSUAL;
    growPieces();
  }
  const piece = pieceAt(pieceCount);
  piece.begin = (begin - recordBegin()) as u32;
  piece.end = (end - recordBegin()) as u32;
  piece.next = NONE;
  piece.isCdata = isCdata;
  if (element.firstPiece === NONE) element.firstPiece = pieceCount;
  else pieceAt(element.lastPiece).next = pieceCount;
  element.lastPiece = pieceCount;
  pieceCount++;
  return BUILT;
}
