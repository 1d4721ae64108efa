/** What a run has found, for the host to take before the next one. */
import { MOST_RESULTS } from './limits';

/** JSON of a record. */
export const RECORD: u32 = 0;
/** A record that others are to read; where its text lies in the input. */
export const DECLINED: u32 = 1;
/** A record of too many bytes; the beginning of its text, unless it was given in parts so far. */
export const TOO_LARGE: u32 = 2;
/** The document type declaration. */
export const DOCTYPE: u32 = 3;
/** An element that is given in parts begins: what is there of it, and its attributes as JSON. RECORD and DECLINED are its children. */
export const OPENED: u32 = 4;
/** A piece of its text: the inside of a string of JSON. */
export const TEXT_PIECE: u32 = 5;
/** It ends. */
export const CLOSED: u32 = 6;

/** Flags of a result, beside those of an element: it could not be written as JSON, and its source is for others to read. */
export const IS_DECLINED: u32 = 8;
/** The source is the content of a CDATA section. */
export const IS_CDATA: u32 = 16;
/** The element is the record. */
export const ENDS_RECORD: u32 = 32;
/** Every field is there, and its bytes show that it keeps its rule. */
export const KEEPS_RULES: u32 = 128;

const RESULT_BYTES: u32 = 32;

/** Nothing is begun when it is full; that a record has become too large comes on top. */
const results = memory.data((MOST_RESULTS + 1) * RESULT_BYTES, 16);

export let resultCount: u32 = 0;

export function clearResults(): void {
  resultCount = 0;
}

export function isFull(): bool {
  return resultCount >= MOST_RESULTS;
}

export function resultsAddress(): usize {
  return results;
}

/** The source is told by addresses, which stay; the JSON by offsets in the output, which may move. */
export function addResult(
  kind: u32,
  line: u32,
  source: usize,
  sourceEnd: usize,
  json: usize,
  jsonEnd: usize,
  flags: u32,
): void {
  const result = results + (resultCount as usize) * (RESULT_BYTES as usize);
  store<u32>(result, kind);
  store<u32>(result, line, 4);
  store<u32>(result, source as u32, 8);
  store<u32>(result, sourceEnd as u32, 12);
  store<u32>(result, json as u32, 16);
  store<u32>(result, jsonEnd as u32, 20);
  store<u32>(result, flags, 24);
  resultCount++;
}
