import type { Cursor } from './cursor.ts';
import type { EntityTable } from './entity-table.ts';
import { faultOfReferences, referencesIn } from './references.ts';

/** Longer ones first where one begins with another. */
const types = ['CDATA', 'IDREFS', 'IDREF', 'ID', 'ENTITIES', 'ENTITY', 'NMTOKENS', 'NMTOKEN'] as const;

/** Reads the attributes of an element from behind `<!ATTLIST` on: https://www.w3.org/TR/xml/#NT-AttlistDecl */
export function readAttributeList(cursor: Cursor, entities: EntityTable): void {
  cursor.expectSpace();
  cursor.name();
  while (cursor.skipSpace() && !cursor.sees('>')) {
    cursor.name();
    cursor.expectSpace();
    readType(cursor);
    cursor.expectSpace();
    readDefault(cursor, entities);
  }
}

function readType(cursor: Cursor): void {
  if (types.some((type) => cursor.passes(type))) return;
  if (cursor.passes('NOTATION')) {
    cursor.expectSpace();
    cursor.expect('(');
    readList(cursor, () => cursor.name());
  } else {
    cursor.expect('(', 'a type of attribute');
    readList(cursor, () => cursor.token());
  }
}

/** From behind the opening parenthesis on. */
function readList(cursor: Cursor, readItem: () => void): void {
  do {
    cursor.skipSpace();
    readItem();
    cursor.skipSpace();
  } while (cursor.passes('|'));
  cursor.expect(')');
}

function readDefault(cursor: Cursor, entities: EntityTable): void {
  if (cursor.passes('#REQUIRED') || cursor.passes('#IMPLIED')) return;
  if (cursor.passes('#FIXED')) cursor.expectSpace();
  readValue(cursor, entities);
}

function readValue(cursor: Cursor, entities: EntityTable): void {
  const begin = cursor.at + 1;
  const value = cursor.quoted();
  const lessThan = value.indexOf('<');
  const fault = faultOfReferences(value);
  if (lessThan >= 0 && (fault === undefined || lessThan < fault.at))
    cursor.fail('no "<" may stand in the value of an attribute', begin + lessThan);
  if (fault !== undefined) cursor.fail(fault.reason, begin + fault.at);
  for (const found of referencesIn(value)) {
    const use = found.kind === 'entity' ? entities.use(found.name, 'value') : undefined;
    if (use !== undefined && 'refusal' in use) cursor.fail(use.refusal, begin + found.at);
  }
}
