import { elementAddress, pieceAddress } from './regions';

/** No element, no piece, no slot. */
export const NONE: u32 = 0xffffffff;

/** Some of its text is more than layout. */
export const HAS_TEXT: u32 = 1;
/** An empty CDATA section lies in it. */
export const HAS_EMPTY_CDATA: u32 = 2;
/** Something beside white space and empty CDATA sections lies in it. */
export const HAS_OTHER: u32 = 4;
/** Some of its text can be seen; that of a section may be blank. */
export const IS_SEEN: u32 = 64;

/** One element of the record. Places in the document are offsets from the `<` of the record. 64 bytes. */
@unmanaged
export class Element {
  name: u32;
  nameLength: u32;
  nameHash: u32;
  /** From behind the name to the `>` or `/>`; equal where only white space is there. */
  attributes: u32;
  attributesEnd: u32;
  flags: u32;
  parent: u32;
  /** Children that are the first of their name, in the order of the document. */
  firstChild: u32;
  lastChild: u32;
  /** The next child of the same parent that is the first of its name. */
  nextChild: u32;
  /** The next child of the same parent that has the same name. */
  nextSame: u32;
  /** For the first of its name: the last of them. */
  lastSame: u32;
  firstPiece: u32;
  lastPiece: u32;
  /** Where it stands in the index of siblings. */
  slot: u32;
}

/** A piece of the text of an element. 16 bytes. */
@unmanaged
export class Piece {
  begin: u32;
  end: u32;
  next: u32;
  isCdata: u32;
}

export function elementAt(index: u32): Element {
  return changetype<Element>(elementAddress(index));
}

export function pieceAt(index: u32): Piece {
  return changetype<Piece>(pieceAddress(index));
}
