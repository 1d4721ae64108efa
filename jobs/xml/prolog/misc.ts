import type { Cursor } from './cursor.ts';

/** Passes a comment or an instruction, which may stand between any declarations; false where neither is here. */
export function passesMisc(cursor: Cursor): boolean {
  if (cursor.passes('<!--')) readComment(cursor);
  else if (cursor.passes('<?')) readInstruction(cursor);
  else return false;
  return true;
}

function readComment(cursor: Cursor): void {
  cursor.until('--');
  if (!cursor.passes('>')) cursor.fail('"--" must not stand in a comment', cursor.at - 2);
}

function readInstruction(cursor: Cursor): void {
  const begin = cursor.at - 2;
  const target = cursor.name();
  if (/^xml$/i.test(target)) cursor.fail('an XML declaration may only stand at the very beginning', begin);
  if (cursor.passes('?>')) return;
  cursor.expectSpace();
  cursor.until('?>');
}
