import type { Cursor } from './cursor.ts';

const publicId = /^[ \r\na-zA-Z0-9\-'()+,./:=?;!*#@$_%]*$/;

/** Reads where something external is to be found; undefined when nothing says so. `isOnlyPublic` allows no address. */
export function readExternalId(cursor: Cursor, isOnlyPublic = false): 'external' | undefined {
  if (cursor.passes('SYSTEM')) {
    cursor.expectSpace();
    cursor.quoted();
  } else if (cursor.passes('PUBLIC')) {
    cursor.expectSpace();
    readPublicId(cursor);
    const isSpaced = cursor.skipSpace();
    const hasAddress = cursor.sees('"') || cursor.sees("'");
    if (!hasAddress && isOnlyPublic) return 'external';
    if (!isSpaced) cursor.fail('white space is expected');
    cursor.quoted();
  } else return undefined;
  return 'external';
}

function readPublicId(cursor: Cursor): void {
  const begin = cursor.at;
  if (!publicId.test(cursor.quoted())) cursor.fail('a public identifier with a character that it must not have', begin);
}
