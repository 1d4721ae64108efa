/** What a run has found, for the host to take before the next one. */
import { MOST_RESULTS } from './limits';

/** JSON of a record. */
export const RECORD: u32 = 0;
/** A record that others are to read; where its text lies in the input. */
export const DECLINED: u32 = 1;
/** A record of too many bytes, or of too many elements; the beginning of its text. */
export const TOO_LARGE: u32 = 2;
export const TOO_MANY_ELEMENTS: u32 = 3;
/** The document type declaration. */
export const DOCTYPE: u32 = 4;

const RESULT_BYTES: usize = 32;

/** No record is begun when it is full; the document type declaration comes on top. */
const results = memory.data((256 + 1) * 32, 16);

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
export function addResult(kind: u32, line: u32, source: usize, sourceEnd: usize, json: usize, jsonEnd: usize): void {
  const result = results + (resultCount as usize) * RESULT_BYTES;
  store<u32>(result, kind);
  store<u32>(result, line, 4);
  store<u32>(result, source as u32, 8);
  store<u32>(result, sourceEnd as u32, 12);
  store<u32>(result, json as u32, 16);
  store<u32>(result, jsonEnd as u32, 20);
  resultCount++;
}
