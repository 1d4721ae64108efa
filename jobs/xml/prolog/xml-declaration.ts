import type { Cursor } from './cursor.ts';

const version = /1\.[0-9]+/y;
const encodingName = /[A-Za-z][A-Za-z0-9._-]*/y;
const yesOrNo = /yes|no/y;

/** Reads an XML declaration where one is, https://www.w3.org/TR/xml/#NT-XMLDecl, and tells whether it says "standalone". */
export function readXmlDeclaration(cursor: Cursor): { readonly isStandalone: boolean } {
  // What begins like this and goes on with a name is another instruction.
  if (!cursor.sees('<?xml') || !isDeclaration(cursor)) return { isStandalone: false };
  cursor.expect('<?xml');
  cursor.expectSpace();
  readPart(cursor, 'version', version);
  let isSpaced = cursor.skipSpace();
  if (isSpaced && cursor.sees('e')) {
    readPart(cursor, 'encoding', encodingName);
    isSpaced = cursor.skipSpace();
  }
  const isStandalone = isSpaced && cursor.sees('s') && readPart(cursor, 'standalone', yesOrNo) === 'yes';
  cursor.skipSpace();
  cursor.expect('?>');
  return { isStandalone };
}

const isDeclaration = (cursor: Cursor): boolean =>
  ['<?xml ', '<?xml\t', '<?xml\n', '<?xml\r'].some((beginning) => cursor.sees(beginning));

function readPart(cursor: Cursor, name: string, pattern: RegExp): string {
  cursor.expect(name);
  readEquals(cursor);
  const quote = cursor.passes('"') ? '"' : "'";
  if (quote === "'") cursor.expect(quote, 'a quote');
  const value = cursor.match(pattern) || cursor.fail(`the ${name} of the XML declaration is not one`);
  cursor.expect(quote);
  return value;
}

function readEquals(cursor: Cursor): void {
  cursor.skipSpace();
  cursor.expect('=');
  cursor.skipSpace();
}
