import { byteAt, colon, sameBytes } from './characters';
import { tooDeep } from './faults';
import { deepestNesting, openElementSize, openElements, openNames, recordBounds, recordName } from './layout';
import { stop } from './stop';

/** Elements that are open. */
let depth: u32 = 0;
/** Whether the root has begun; with a depth of 0 it has also ended. */
let rootBegun: bool = false;
let recordNameLength: usize = 0;
/** How deep the open record is, from 1 on; 0 where none is open. */
let recordDepth: u32 = 0;
let bounds: u32 = 0;
/** Where the names of further elements go. */
let freeName: usize = openNames;

export function resetElements(lengthOfRecordName: usize): void {
  depth = 0;
  rootBegun = false;
  recordNameLength = lengthOfRecordName;
  recordDepth = 0;
  bounds = 0;
  freeName = openNames;
}

export function openDepth(): u32 {
  return depth;
}

export function hasRoot(): bool {
  return rootBegun;
}

export function innermostName(): usize {
  return load<u32>(innermost());
}

export function innermostNameLength(): usize {
  return load<u32>(innermost(), 4);
}

/** How many bounds of records were found since `forgetBounds`. */
export function boundCount(): u32 {
  return bounds;
}

export function forgetBounds(): void {
  bounds = 0;
}

/** Puts an element on the stack whose start tag begins at `tag`. Gives `next`, or 0 when it is nested too deep. */
export function openElement(tag: usize, name: usize, length: usize, next: usize): usize {
  if (depth === deepestNesting) return stop(tooDeep, tag);
  rootBegun = true;
  depth++;
  store<u32>(innermost(), <u32>freeName);
  store<u32>(innermost(), <u32>length, 4);
  copyName(name, length);
  freeName += length;
  if (recordDepth === 0 && isRecord(name, length)) {
    recordDepth = depth;
    addBound(tag);
  }
  return next;
}

/** In blocks: what is copied too much is overwritten by the next name. */
function copyName(name: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(freeName + at, v128.load(name + at));
}

/** Takes the innermost element from the stack, whose tag ends before `next`. */
export function closeElement(next: usize): usize {
  if (depth === recordDepth) {
    recordDepth = 0;
    addBound(next);
  }
  freeName = innermostName();
  depth--;
  return next;
}

function innermost(): usize {
  return openElements + (depth - 1) * openElementSize;
}

/** The name of records without a colon also means names that have it behind a prefix. */
function isRecord(name: usize, length: usize): bool {
  if (length < recordNameLength) return false;
  const local = name + length - recordNameLength;
  if (!sameBytes(local, recordName, recordNameLength)) return false;
  return local === name || (byteAt(local - 1) === colon && !nameHasColon);
}

let nameHasColon: bool = false;

export function nameRecords(hasColon: bool): void {
  nameHasColon = hasColon;
}

function addBound(address: usize): void {
  store<u32>(recordBounds + bounds * 4, <u32>address);
  bounds++;
}
