/** Builds the record that is open: its elements. */
import { byteAt, GREATER } from './characters';
import { Element, elementAt, HAS_EMPTY_CDATA, HAS_OTHER, NONE } from './element';
import { MOST_KEPT_ELEMENTS } from './limits';
import { elementCapacity, growElements, MOST_DEPTH, stackAddress } from './regions';
import { isSame, skipSpace } from './scan';
import { firstOfName, reindex } from './siblings';

/** How building went on. */
export const BUILT: u32 = 0;
/** The record is too deep, or its text in too many pieces: others are to read it. */
export const UNUSUAL: u32 = 1;
/** It has more elements than are kept at once. */
export const TOO_MANY: u32 = 2;

/** Whether an element that holds only empty CDATA sections is left out. */
let leavesOutEmptyCdata: bool = false;
let record: usize = 0;
let elementCount: u32 = 0;
let depth: u32 = 0;

export function leaveOutEmptyCdata(leavesOut: bool): void {
  leavesOutEmptyCdata = leavesOut;
}

/** Begins a record whose `<` lies at this address. */
export function beginTree(at: usize): void {
  record = at;
  elementCount = 0;
  depth = 0;
}

/**
 * The innermost elements of the record that is given up as a whole: where each begins, the outermost first. These addresses
 * stay when the input moves and when the record has ended, until the next one is given up. An element that begins at one
 * by chance is given in parts without need, and what is made of the parts is the same.
 */
const path = memory.data(MOST_DEPTH * 4, 16);
let pathLength: u32 = 0;
/** Those of them that were met again. */
let pathMet: u32 = 0;

/** Notes the open elements below the record that begin before an address: they are to be opened when they come again. */
export function noteOpenPath(before: usize): void {
  pathLength = pathMet = 0;
  for (let level: u32 = 1; level < depth; level++) {
    const begin = record + elementAt(load<u32>(stackAddress(level))).name - 1;
    if (begin >= before) break;
    store<u32>(path + pathLength++ * 4, begin as u32);
  }
}

/** Whether the element that begins here is the next of them. */
export function isOnOpenPath(begin: usize): bool {
  if (pathMet === pathLength || load<u32>(path + pathMet * 4) !== (begin as u32)) return false;
  pathMet++;
  return true;
}

/** The input was moved. */
export function moveTree(to: usize): void {
  record = to;
}

/** Places in the document are offsets from here: the `<` of the record. */
export function recordBegin(): usize {
  return record;
}

function openIndex(): u32 {
  return load<u32>(stackAddress(depth - 1));
}

/** The innermost element that is open. */
export function openElement(): Element {
  return elementAt(openIndex());
}

export function pushElement(name: usize, length: usize, hash: u32, attributes: usize, attributesEnd: usize): u32 {
  if (depth === MOST_DEPTH) return UNUSUAL;
  if (elementCount === elementCapacity) {
    if (elementCount === MOST_KEPT_ELEMENTS) return TOO_MANY;
    growElements();
    reindex(elementCount);
  }
  store<u32>(stackAddress(depth), elementCount);
  const element = newElement(name, length, hash);
  element.attributes = (attributes - record) as u32;
  element.attributesEnd = (attributesEnd - record) as u32;
  element.flags = attributes < attributesEnd ? HAS_OTHER : 0;
  element.parent = depth === 0 ? NONE : openIndex();
  depth++;
  return BUILT;
}

/** There is room for it. */
function newElement(name: usize, length: usize, hash: u32): Element {
  const element = elementAt(elementCount++);
  element.name = (name - record) as u32;
  element.nameLength = length as u32;
  element.nameHash = hash;
  element.firstChild = NONE;
  element.nextChild = NONE;
  element.nextSame = NONE;
  element.firstPiece = NONE;
  element.slot = NONE;
  return element;
}

/** Whether one more element can be built without looking closer. */
export function hasRoomForLeaf(): bool {
  return depth < MOST_DEPTH && elementCount < elementCapacity;
}

/** An element without attributes or children, in the innermost one; it was never open. Its text follows. */
export function addLeaf(name: usize, length: usize, hash: u32): Element {
  const leaf = newElement(name, length, hash);
  leaf.attributes = 0;
  leaf.attributesEnd = 0;
  leaf.flags = 0;
  leaf.parent = openIndex();
  return leaf;
}

/** Its flags are known. */
export function endLeaf(leaf: Element): void {
  addToParent(leaf, elementCount - 1);
}

/** Whether the end tag whose name begins here, and whose `>` lies at `end`, is that of the innermost element. */
export function closesOpenElement(name: usize, end: usize): bool {
  const element = openElement();
  const nameEnd = name + element.nameLength;
  return nameEnd <= end && isSame(record + element.name, name, element.nameLength) && skipSpace(nameEnd, end) === end;
}

/** Behind the end tag of the innermost element, if it is whole and has its `>` right behind the name that begins here; else 0. */
export function plainEnd(name: usize, limit: usize): usize {
  const element = openElement();
  const end = name + element.nameLength;
  if (end >= limit || byteAt(end) !== GREATER) return 0;
  return isSame(record + element.name, name, element.nameLength) ? end + 1 : 0;
}

export function popElement(): void {
  const index = openIndex();
  depth--;
  if (depth > 0) addToParent(elementAt(index), index);
}

function addToParent(element: Element, index: u32): void {
  const parent = elementAt(element.parent);
  parent.flags |= HAS_OTHER;
  if (leavesOutEmptyCdata && (element.flags & (HAS_EMPTY_CDATA | HAS_OTHER)) === HAS_EMPTY_CDATA) return;
  addChild(parent, element, index);
}

function addChild(parent: Element, child: Element, index: u32): void {
  child.lastSame = index;
  const first = firstOfName(index, elementCount, record);
  if (first !== NONE) {
    const earlier = elementAt(first);
    elementAt(earlier.lastSame).nextSame = index;
    earlier.lastSame = index;
    return;
  }
  if (parent.firstChild === NONE) parent.firstChild = index;
  else elementAt(parent.lastChild).nextChild = index;
  parent.lastChild = index;
}

/** A comment or an instruction lies in the innermost element. */
export function noteOther(): void {
  openElement().flags |= HAS_OTHER;
}
