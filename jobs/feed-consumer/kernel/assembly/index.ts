/** What the host calls: record-kernel.ts beside this folder. */
import { fillClasses } from './characters';
import { beginReading, lineAt, makeRoom, offsetOf, resumeReading, takeBytes } from './reader';
import { leaveOutEmptyCdata } from './record';
import { layOut } from './regions';
import { endWalk, needed, resumeWalk, walk } from './walk';

export { declareField, fieldNameAddress, spansAddress } from './fields';
export { declareTag, tagAddress } from './names';
export { depthBefore, limit } from './reader';
export { input, output } from './regions';
export { resultCount, resultsAddress } from './results';
export { canRestart, failure, failureAt, needed, sawRoot } from './walk';

export function begin(leavesOutEmptyCdata: bool): void {
  layOut();
  fillClasses();
  leaveOutEmptyCdata(leavesOutEmptyCdata);
  beginReading();
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

/** Goes on where another instance has stopped. */
export function resume(depth: u32, line: u32, offset: f64, hasRoot: bool): void {
  resumeReading(depth, line, offset);
  resumeWalk(hasRoot);
}
