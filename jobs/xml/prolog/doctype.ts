import { Cursor, Malformed } from './cursor.ts';
import { readDeclaration } from './declarations.ts';
import type { EntityTable } from './entity-table.ts';
import { readExternalId } from './external-id.ts';
import { passesMisc } from './misc.ts';
import { ParameterEntities } from './parameter-entities.ts';

/** Reads a document type declaration from behind `<!DOCTYPE` on: https://www.w3.org/TR/xml/#NT-doctypedecl */
export function readDoctype(cursor: Cursor, entities: EntityTable, isStandalone: boolean): void {
  cursor.expectSpace();
  cursor.name();
  if (cursor.skipSpace() && readExternalId(cursor) !== undefined) {
    entities.isIncomplete = !isStandalone;
    cursor.skipSpace();
  }
  if (cursor.passes('[')) {
    new InternalSubset(entities, isStandalone).read(cursor);
    cursor.skipSpace();
  }
  cursor.expect('>');
}

class InternalSubset {
  readonly #entities: EntityTable;
  readonly #isStandalone: boolean;
  readonly #parameters = new ParameterEntities();

  constructor(entities: EntityTable, isStandalone: boolean) {
    this.#entities = entities;
    this.#isStandalone = isStandalone;
  }

  read(cursor: Cursor): void {
    while (!cursor.passes(']')) this.#readOne(cursor);
  }

  #readOne(cursor: Cursor): void {
    if (cursor.skipSpace() || passesMisc(cursor)) return;
    if (cursor.sees('<![')) cursor.fail('conditional sections may only stand in an external subset');
    if (cursor.sees('%')) this.#readReference(cursor);
    else readDeclaration(cursor, this.#entities, this.#parameters);
  }

  /** Declarations may stand in a parameter entity; those of an external one are never read. */
  #readReference(cursor: Cursor): void {
    const begin = cursor.at;
    cursor.expect('%');
    const name = cursor.name();
    cursor.expect(';');
    if (!this.#isStandalone) this.#entities.isIncomplete = true;
    else if (!this.#parameters.has(name)) cursor.fail(`the parameter entity "${name}" is not declared`, begin);
    const text = this.#parameters.replacementOf(name, (reason) => cursor.fail(reason, begin));
    if (text !== undefined) this.#readReplacement(new Cursor(text, true), name, (reason) => cursor.fail(reason, begin));
  }

  #readReplacement(cursor: Cursor, name: string, fail: (reason: string) => never): void {
    try {
      while (!cursor.isAtEnd) this.#readOne(cursor);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      fail(`in the parameter entity "${name}": ${error.message}`);
    }
  }
}
