/** Passes elements that hold nothing but one text or CDATA section: most are such, and are whole in what is there. */
import { beginsName, byteAt, GREATER, LESS, UNDERSCORE } from './characters';
import { MOST_NAME } from './limits';
import { endOfName, hashOf } from './names';
import { begin, limit, moveTo } from './reader';
import { addLeaf, endLeaf, hasRoomForLeaf } from './record';
import { findFar, isSame } from './scan';
import { beginsCdata, CDATA_BEGIN, CDATA_END, endOfCdata } from './sections';
import { note } from './steps';
import { addPiece, flagsOfCdata, flagsOfText } from './text-pieces';

/** `</` as a number, and how many bytes of an end tag are not its name. */
const END_TAG_BEGIN: u16 = 0x2f3c;
const END_TAG_REST: usize = 3;

/** Passes the element of the record that begins here; false: it is not that simple, or not whole, and nothing was done. */
export function passLeaf(): bool {
  const name = begin + 1;
  const nameEnd = endOfName(name, limit);
  if (nameEnd === limit || byteAt(nameEnd) !== GREATER || !beginsPlainName(byteAt(name))) return false;
  const length = nameEnd - name;
  if (length > MOST_NAME || !hasRoomForLeaf()) return false;
  const content = nameEnd + 1;
  return byteAt(content) === LESS && beginsCdata(content)
    ? passLeafOfCdata(name, length, content + CDATA_BEGIN)
    : passLeafOfText(name, length, content);
}

/** An element named `_` would meet the text of its parent. */
function beginsPlainName(byte: u32): bool {
  return beginsName(byte) && byte !== UNDERSCORE;
}

function passLeafOfText(name: usize, length: usize, content: usize): bool {
  const end = findFar(content, limit, LESS);
  if (!isEndTag(end, name, length)) return false;
  const leaf = addLeaf(name, length, hashOf(name, length));
  if (content < end) {
    leaf.flags = flagsOfText(content, end);
    note(addPiece(leaf, content, end, 0));
  }
  endLeaf(leaf);
  moveTo(end + length + END_TAG_REST);
  return true;
}

function passLeafOfCdata(name: usize, length: usize, content: usize): bool {
  const end = endOfCdata(content, limit);
  if (!isEndTag(end + CDATA_END, name, length)) return false;
  const leaf = addLeaf(name, length, hashOf(name, length));
  leaf.flags = flagsOfCdata(content, end, false);
  if (content < end) note(addPiece(leaf, content, end, 1));
  endLeaf(leaf);
  moveTo(end + CDATA_END + length + END_TAG_REST);
  return true;
}

/** Whether the end tag of this name, without white space, lies here whole. */
function isEndTag(at: usize, name: usize, length: usize): bool {
  if (at + length + END_TAG_REST > limit || load<u16>(at) !== END_TAG_BEGIN) return false;
  return isSame(at + 2, name, length) && byteAt(at + 2 + length) === GREATER;
}
