/** The fields whose places the host wants to know: children of the record by name, and its attributes. */
import { MOST_FIELDS, MOST_RESULTS } from './limits';
import { hashOf } from './names';
import { output } from './regions';
import { isSame } from './scan';

const LONGEST_NAME: u32 = 256;

/** Names as bytes, then their lengths, then their hashes. */
const names = memory.data(MOST_FIELDS * LONGEST_NAME);
const lengths = memory.data(MOST_FIELDS * 4, 16);
const hashes = memory.data(MOST_FIELDS * 4, 16);

/** A bit for the hash of each: most names of children have none of them. */
let hashBits: u64 = 0;

function bitOf(hash: u32): u64 {
  return (1 as u64) << ((hash & 63) as u64);
}

/** For each result, for each field: begin and end of its JSON in the output; both 0 where the record has none. */
const spans = memory.data(MOST_RESULTS * MOST_FIELDS * 8, 16);

/** For each field: 1 where it is an attribute. */
const kinds = memory.data(MOST_FIELDS * 4, 16);

export const CHILD: u32 = 0;
export const ATTRIBUTE: u32 = 1;

export let fieldCount: u32 = 0;
let noted: usize = 0;

/** Where the host writes the bytes of a field's name before it declares the field. */
export function fieldNameAddress(field: u32): usize {
  return names + field * LONGEST_NAME;
}

export function declareField(length: u32, kind: u32): void {
  store<u32>(kinds + fieldCount * 4, kind);
  store<u32>(lengths + fieldCount * 4, length);
  const hash = hashOf(fieldNameAddress(fieldCount), length);
  store<u32>(hashes + fieldCount * 4, hash);
  hashBits |= bitOf(hash);
  fieldCount++;
}

export function spansAddress(result: u32): usize {
  return spans + result * fieldCount * 8;
}

/** Fields that are noted from now on are those of this result. */
export function beginSpans(result: u32): void {
  noted = spansAddress(result);
  memory.fill(noted, 0, fieldCount * 8);
}

/** Notes where a value lies, if it is that of a field. */
export function noteSpan(kind: u32, name: usize, length: u32, hash: u32, begin: usize, end: usize): void {
  if ((hashBits & bitOf(hash)) === 0) return;
  for (let field: u32 = 0; field < fieldCount; field++) {
    if (load<u32>(kinds + field * 4) !== kind) continue;
    if (load<u32>(hashes + field * 4) !== hash || load<u32>(lengths + field * 4) !== length) continue;
    if (!isSame(fieldNameAddress(field), name, length)) continue;
    const span = noted + field * 8;
    store<u32>(span, (begin - output) as u32);
    store<u32>(span + 4, (end - output) as u32);
  }
}
