/** The text of the open record's elements, in the pieces that tags and sections cut it into. */
import { BLANK, BLANK_BY_REFERENCE, blankness, NOT_BLANK } from './blank';
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
  if ((element.flags & IS_SEEN) === 0) {
    const blank = blankness(begin, end);
    if (blank === NOT_BLANK) element.flags |= HAS_TEXT | HAS_OTHER | IS_SEEN;
    if (blank === BLANK_BY_REFERENCE) element.flags |= HAS_OTHER;
  }
  return addPiece(element, begin, end, 0);
}

export function addCdata(begin: usize, end: usize): u32 {
  const element = openElement();
  if (begin === end) {
    element.flags |= HAS_EMPTY_CDATA;
    return BUILT;
  }
  // Blank text counts as text where it stands in a section.
  element.flags |= HAS_TEXT | HAS_OTHER;
  // An `&` is one to see here.
  if ((element.flags & IS_SEEN) === 0 && blankness(begin, end) !== BLANK) element.flags |= IS_SEEN;
  return addPiece(element, begin, end, 1);
}

function addPiece(element: Element, begin: usize, end: usize, isCdata: u32): u32 {
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
