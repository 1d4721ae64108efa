import { readAttributeList } from './attribute-list.ts';
import { readContentModel } from './content-model.ts';
import type { Cursor } from './cursor.ts';
import type { EntityTable } from './entity-table.ts';
import { readExternalId } from './external-id.ts';
import type { ParameterEntities } from './parameter-entities.ts';
import { faultOfReferences, withCharacters } from './references.ts';

/** Reads one declaration of a document type: https://www.w3.org/TR/xml/#NT-markupdecl */
export function readDeclaration(cursor: Cursor, entities: EntityTable, parameters: ParameterEntities): void {
  if (cursor.passes('<!ELEMENT')) readElement(cursor);
  else if (cursor.passes('<!ATTLIST')) readAttributeList(cursor, entities);
  else if (cursor.passes('<!ENTITY')) readEntity(cursor, entities, parameters);
  else if (cursor.passes('<!NOTATION')) readNotation(cursor);
  else cursor.fail('a declaration is expected');
  cursor.skipSpace();
  cursor.expect('>');
}

function readElement(cursor: Cursor): void {
  cursor.expectSpace();
  cursor.name();
  cursor.expectSpace();
  if (!cursor.passes('EMPTY') && !cursor.passes('ANY')) readContentModel(cursor);
}

function readEntity(cursor: Cursor, entities: EntityTable, parameters: ParameterEntities): void {
  cursor.expectSpace();
  if (cursor.passes('%')) {
    cursor.expectSpace();
    const name = cursor.name();
    cursor.expectSpace();
    parameters.declare(name, readExternalId(cursor) === undefined ? readEntityValue(cursor) : undefined);
    return;
  }
  const begin = cursor.at;
  const name = cursor.name();
  cursor.expectSpace();
  const entity =
    readExternalId(cursor) === undefined
      ? ({ kind: 'internal', text: readEntityValue(cursor) } as const)
      : ({ kind: readsNotationName(cursor) ? 'unparsed' : 'external' } as const);
  const fault = entities.declare(name, entity);
  if (fault !== undefined) cursor.fail(`an entity is declared wrongly: ${fault}`, begin);
}

/** The text that an entity stands for: references to characters are replaced where it is declared, others where it is used. */
function readEntityValue(cursor: Cursor): string {
  const begin = cursor.at + 1;
  const text = cursor.quoted();
  const fault = faultOfReferences(text);
  const parameter = text.indexOf('%');
  if (parameter >= 0 && (fault === undefined || parameter < fault.at))
    cursor.fail('no "%" may stand in an entity of an internal subset', begin + parameter);
  if (fault !== undefined) cursor.fail(fault.reason, begin + fault.at);
  return withCharacters(text);
}

function readsNotationName(cursor: Cursor): boolean {
  const isSpaced = cursor.skipSpace();
  if (!cursor.sees('NDATA')) return false;
  if (!isSpaced) cursor.fail('white space is expected');
  cursor.expect('NDATA');
  cursor.expectSpace();
  cursor.name();
  return true;
}

function readNotation(cursor: Cursor): void {
  cursor.expectSpace();
  cursor.name();
  cursor.expectSpace();
  if (readExternalId(cursor, true) === undefined) cursor.fail('"SYSTEM" or "PUBLIC" is expected');
}
