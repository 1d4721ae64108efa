/** What the host calls: record-kernel.ts beside this folder. */
import { fillClasses } from './characters';
import { fillEscapes } from './json-text';
import { beginReading, lineAt, makeRoom, offsetOf, takeBytes } from './reader';
import { leaveOutEmptyCdata } from './record';
import { layOut } from './regions';
import { fillRegisters } from './scan';
import { endWalk, needed, walk } from './walk';

export { declareField, declareValue, fieldNameAddress, spansAddress, valueAddress } from './fields';
export { declareTag, tagAddress } from './names';
export { limit } from './reader';
export { input, output } from './regions';
export { resultCount, resultsAddress } from './results';
export { failure, failureAt } from './steps';

/** `largest`: bytes of a record above which it is given in parts, unless it is whole by then. */
export function begin(leavesOutEmptyCdata: bool, largest: usize): void {
  layOut();
  fillClasses();
  fillEscapes();
  fillRegisters();
  leaveOutEmptyCdata(leavesOutEmptyCdata);
  beginReading(largest);
}

/** Where the host is to write so many bytes of the document. What the last run found is lost. */
export function room(bytes: usize): usize {
  return makeRoom(bytes, needed());
}

/** Reads on, with so many bytes that the host has written; 0 after a run that ended full. */
export function run(bytes: usize): u32 {
  takeBytes(bytes);
  return walk();
}

export function end(): u32 {
  return endWalk();
}

/** Bytes of the document before an address in the input. */
export function sourceOffset(at: usize): f64 {
  return offsetOf(at);
}

/** The line of the document, from 1 on. Records that begin before this address get no right lines any more. */
export function sourceLine(at: usize): u32 {
  return lineAt(at);
}
