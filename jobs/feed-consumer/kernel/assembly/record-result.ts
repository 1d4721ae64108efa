/** Makes results of records that have come to their end. */
import { LINE_FEED } from './characters';
import { elementAt } from './element';
import { areSurelyGood, beginSpans, fieldCount } from './fields';
import { GROWTH, GROWTH_BASE, writeRecord } from './json-record';
import { writeByte } from './json-text';
import { MOST_RECORD } from './limits';
import { growOutput, noteOutput, output, outputEnd, outputUsed } from './regions';
import { addResult, DECLINED, KEEPS_RULES, RECORD, resultCount, TOO_LARGE } from './results';

/** False: there is no room for its JSON until the host has taken what is there. */
export function addRecordResult(isBuilt: bool, line: u32, record: usize, end: usize): bool {
  if (end - record > MOST_RECORD) {
    addResult(TOO_LARGE, line, record, end, 0, 0, 0);
    return true;
  }
  if (isBuilt) {
    if (!hasRoomFor(end - record)) return false;
    if (writeJson(line, record, end)) return true;
  }
  addResult(DECLINED, line, record, end, 0, 0, 0);
  return true;
}

/** Whether the JSON of so many bytes has room, which it always has where nothing else is there. */
export function hasRoomFor(bytes: usize): bool {
  const most = bytes * GROWTH + GROWTH_BASE;
  if (outputEnd - outputUsed >= most) return true;
  if (resultCount > 0) return false;
  growOutput(most);
  return true;
}

function writeJson(line: u32, record: usize, end: usize): bool {
  if (fieldCount > 0) beginSpans(resultCount);
  const json = outputUsed;
  const jsonEnd = writeRecord(json, record);
  if (jsonEnd === 0) return false;
  const flags = elementAt(0).flags | (areSurelyGood() ? KEEPS_RULES : 0);
  addResult(RECORD, line, record, end, json - output, jsonEnd - output, flags);
  noteOutput(writeByte(jsonEnd, LINE_FEED));
  return true;
}
