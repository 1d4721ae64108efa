import type { Cursor } from './cursor.ts';

const deepestNesting = 200;

/** Reads what an element may hold: https://www.w3.org/TR/xml/#NT-Mixed and NT-children */
export function readContentModel(cursor: Cursor): void {
  cursor.expect('(');
  cursor.skipSpace();
  if (cursor.passes('#PCDATA')) readMixed(cursor);
  else readGroup(cursor, 1);
}

/** From behind `(#PCDATA` on. */
function readMixed(cursor: Cursor): void {
  let names = 0;
  cursor.skipSpace();
  for (; cursor.passes('|'); names++) {
    cursor.skipSpace();
    cursor.name();
    cursor.skipSpace();
  }
  cursor.expect(')');
  if (names > 0) cursor.expect('*');
  else cursor.passes('*');
}

/** From behind the opening parenthesis and white space on: alternatives or a sequence, never both. */
function readGroup(cursor: Cursor, depth: number): void {
  if (depth > deepestNesting) cursor.fail(`a content model is nested more than ${deepestNesting} deep`);
  readParticle(cursor, depth);
  cursor.skipSpace();
  const separator = cursor.sees('|') ? '|' : ',';
  while (cursor.passes(separator)) {
    cursor.skipSpace();
    readParticle(cursor, depth);
    cursor.skipSpace();
  }
  cursor.expect(')');
  readOccurrence(cursor);
}

function readParticle(cursor: Cursor, depth: number): void {
  if (cursor.passes('(')) {
    cursor.skipSpace();
    readGroup(cursor, depth + 1);
  } else {
    cursor.name();
    readOccurrence(cursor);
  }
}

function readOccurrence(cursor: Cursor): void {
  for (const sign of ['?', '*', '+']) if (cursor.passes(sign)) return;
}
