/** The fields whose places the host wants to know: children of the record by name, and its attributes. */
import { Field } from './field';
import { isSurelyGood } from './field-tests';
import { MOST_FIELDS, MOST_RESULTS } from './limits';
import { hashOf } from './names';
import { output } from './regions';
import { isSame } from './scan';

export const CHILD: u32 = 0;
export const ATTRIBUTE: u32 = 1;

const FIELD_SHIFT: u32 = 5;
const FIELD_BYTES: u32 = 1 << FIELD_SHIFT;
const LONGEST_NAME: u32 = 256;
/** More than all rules have that come in a message: they are 4,000 characters of JSON, of up to three bytes each. */
const VALUE_BYTES: u32 = 16 * 1024;
/** Begin and end of its JSON in the output, both 0 where the record has none; 1 where it is surely good. */
const SPAN_BYTES: u32 = 12;

const names = memory.data(MOST_FIELDS * LONGEST_NAME);
const fields = memory.data(MOST_FIELDS * FIELD_BYTES, 16);
const values = memory.data(VALUE_BYTES);
/** For each result, for each field. */
const spans = memory.data(MOST_RESULTS * MOST_FIELDS * SPAN_BYTES, 16);

export let fieldCount: u32 = 0;
/** A bit for the hash of each name: most children have none of them. */
let hashBits: u64 = 0;
let valuesEnd: usize = values;
let noted: usize = 0;
/** Fields of this result that are surely good. */
let goodCount: u32 = 0;

function fieldAt(index: u32): Field {
  return changetype<Field>(fields + ((index as usize) << FIELD_SHIFT));
}

function bitOf(hash: u32): u64 {
  return (1 as u64) << ((hash >> 26) as u64);
}

/** Where the host writes the bytes of a field's name before it declares the field. */
export function fieldNameAddress(field: u32): usize {
  return names + field * LONGEST_NAME;
}

export function declareField(length: u32, kind: u32, test: u32, mostBytes: u32): void {
  const field = fieldAt(fieldCount);
  field.kind = kind;
  field.nameLength = length;
  field.nameHash = hashOf(fieldNameAddress(fieldCount), length);
  field.test = test;
  field.mostBytes = mostBytes;
  field.values = valuesEnd as u32;
  field.valuesEnd = valuesEnd as u32;
  hashBits |= bitOf(field.nameHash);
  fieldCount++;
}

/** Where the host writes a value of the field that was declared last, as it stands in JSON; 0: there is no room for it. */
export function valueAddress(length: u32): usize {
  return valuesEnd + 2 + length <= values + VALUE_BYTES ? valuesEnd + 2 : 0;
}

export function declareValue(length: u32): void {
  store<u16>(valuesEnd, length as u16);
  valuesEnd += 2 + length;
  fieldAt(fieldCount - 1).valuesEnd = valuesEnd as u32;
}

export function spansAddress(result: u32): usize {
  return spans + result * fieldCount * SPAN_BYTES;
}

/** Fields that are noted from now on are those of this result. */
export function beginSpans(result: u32): void {
  noted = spansAddress(result);
  goodCount = 0;
  memory.fill(noted, 0, fieldCount * SPAN_BYTES);
}

/** Notes where a value lies, if it is that of a field. */
export function noteSpan(kind: u32, name: usize, length: u32, hash: u32, begin: usize, end: usize): void {
  if ((hashBits & bitOf(hash)) === 0) return;
  for (let index: u32 = 0; index < fieldCount; index++) {
    const field = fieldAt(index);
    if (field.kind !== kind || field.nameHash !== hash || field.nameLength !== length) continue;
    if (!isSame(fieldNameAddress(index), name, length)) continue;
    const span = noted + index * SPAN_BYTES;
    store<u32>(span, (begin - output) as u32);
    store<u32>(span, (end - output) as u32, 4);
    const isGood: u32 = isSurelyGood(field, begin, end) ? 1 : 0;
    store<u32>(span, isGood, 8);
    goodCount += isGood;
  }
}

/** Whether every field of the result is there and surely good. */
export function areSurelyGood(): bool {
  return goodCount === fieldCount;
}
