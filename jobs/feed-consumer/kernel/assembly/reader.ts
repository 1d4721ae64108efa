/**
 * Where reading stands: the bytes that are there, what of them is still needed, and the record that is open. The README
 * beside tells of the states.
 */

import { MOST_RECORD } from './limits';
import { beginTree, moveTree, noteOpenPath } from './record';
import { addRecordResult } from './record-result';
import { growInput, input, inputEnd, noteOutput, output } from './regions';
import { addResult, clearResults, TOO_LARGE } from './results';
import { countLineFeeds } from './scan';
import { beginPieces } from './text-pieces';

/** No record is open. */
export const OUTSIDE: u32 = 0;
/** The record that is open is built. */
export const BUILDING: u32 = 1;
/** It has something unusual in it: only its end is sought, for others to read it. */
export const DECLINING: u32 = 2;
/** It was refused: only its end is sought, and nothing of it is kept. */
export const SKIPPING: u32 = 3;
/** An element of a large record is open that is given in parts: nothing of it is kept but the child that is built. */
export const OPENED: u32 = 4;
/** The start tag of such an element comes, for the second time. */
export const OPENING: u32 = 5;

export let mode: u32 = OUTSIDE;
/** Behind the last byte that is there. */
export let limit: usize = 0;
/** Where the text or markup begins that is read now. */
export let begin: usize = 0;
/** Up to here nothing was found that ends it. */
export let searched: usize = 0;
/** The `<` of the record that is built or declined. */
export let record: usize = 0;
/** Open elements of the document. */
export let depth: u32 = 0;
/** The end of a record that waits for room among the results. */
export let waitingEnd: usize = 0;
let recordDepth: u32 = 0;
let recordLine: u32 = 0;
/** What is kept at most before it is given in parts; what is whole by then is larger by a chunk, or by one tag. */
export let largest: usize = 0;
/** Open elements that are given in parts: the first is the record, each of the others a child of the one before it. */
export let openedCount: u32 = 0;
/** Where the record lies that is given in parts. */
let largeDepth: u32 = 0;
let largeOffset: f64 = 0;
/** Up to here it was read when it was found to be large: the same, wherever chunks end, where it has too many elements. */
export let largeEnd: usize = 0;
/** Line feeds up to `counted` make up the line. */
let line: u32 = 1;
let counted: usize = 0;
/** Bytes of the document before those that are there. */
let discarded: f64 = 0;

export function beginReading(most: usize): void {
  largest = most;
  limit = begin = searched = counted = input;
}

export function moveTo(to: usize): void {
  begin = searched = to;
}

export function noteSearched(to: usize): void {
  searched = to;
}

export function isKept(): bool {
  return mode === BUILDING || mode === DECLINING;
}

export function openDepth(): void {
  depth++;
}

/** Whether the element that ends here is the record. */
export function closeDepth(): bool {
  const isRecord = mode !== OUTSIDE && depth === recordDepth;
  depth--;
  return isRecord;
}

export function lineAt(at: usize): u32 {
  if (at > counted) {
    line += countLineFeeds(counted, at);
    counted = at;
  }
  return line;
}

export function offsetOf(at: usize): f64 {
  return discarded + ((at - input) as f64);
}

/** So many bytes that are needed no more are worth it to move those that are. */
const WORTH_MOVING: usize = 512 * 1024;

/**
 * Forgets the bytes before `needed`, and makes room for more behind the last one. What is needed stays near the front also
 * where a large record has left much room: the processor's caches hold that, and memory is only taken where it is touched.
 */
export function makeRoom(bytes: usize, needed: usize): usize {
  const shift = needed - input;
  if (inputEnd - limit < bytes || (shift >= WORTH_MOVING && shift >= limit - needed)) {
    lineAt(needed);
    // What began before is not looked at again.
    begin = max(begin, needed);
    memory.copy(input, needed, limit - needed);
    discarded += shift as f64;
    limit -= shift;
    begin -= shift;
    searched -= shift;
    counted -= shift;
    if (isKept()) {
      record -= shift;
      moveTree(record);
    }
  }
  // Twice what is there: a large record is not moved for each of its chunks.
  if (inputEnd - limit < bytes) growInput(max(bytes, inputEnd - input));
  return limit;
}

export function takeBytes(bytes: usize): void {
  limit += bytes;
  clearResults();
  noteOutput(output);
}

export function beginRecord(at: usize): void {
  mode = BUILDING;
  record = at;
  recordDepth = depth;
  recordLine = lineAt(at);
  beginTree(at);
  beginPieces();
}

export function decline(): void {
  if (mode === BUILDING) mode = DECLINING;
}

export function isLarge(): bool {
  return isKept() && limit - record > largest;
}

/**
 * The record, or the child of an opened element, is to be given in parts from its start tag on; and so are its descendants
 * that have become half as large, without another look at them. `end`: what is there of it and was read.
 */
export function openLarge(end: usize): void {
  if (openedCount === 0) {
    largeDepth = recordDepth;
    largeOffset = offsetOf(record);
  }
  largeEnd = end;
  noteOpenPath(mode === BUILDING ? record + (end - record) / 2 : 0);
  depth = recordDepth - 1;
  mode = OPENING;
}

/** A descendant that is to be opened as well begins. */
export function beginOpening(): void {
  mode = OPENING;
}

/** Its start tag was given. */
export function noteOpened(): void {
  openedCount++;
  mode = OPENED;
}

/** The innermost opened element ends. */
export function closeOpened(): void {
  openedCount--;
  depth--;
  if (openedCount === 0) mode = OUTSIDE;
}

/** Whether a record that is given in parts, and is open or ends here, has too many bytes. */
export function isTooLarge(end: usize): bool {
  return openedCount > 0 && offsetOf(end) - largeOffset > (MOST_RECORD as f64);
}

/** Gives up the record that is open. */
export function refuseLarge(): void {
  addResult(TOO_LARGE, recordLine, limit, limit, 0, 0, 0);
  recordDepth = largeDepth;
  openedCount = 0;
  mode = SKIPPING;
}

/** Makes a result of the record that ends here. False: the host is to take what is there first. */
export function endRecord(end: usize): bool {
  waitingEnd = 0;
  if (isTooLarge(end)) {
    refuseLarge();
    return true;
  }
  if (mode !== SKIPPING && !addRecordResult(mode === BUILDING, recordLine, record, end)) {
    waitingEnd = end;
    return false;
  }
  mode = openedCount > 0 ? OPENED : OUTSIDE;
  return true;
}
