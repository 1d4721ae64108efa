import { FeedError } from './feed-error.ts';
import { Cursor, Malformed } from './prolog/cursor.ts';
import { readDoctype } from './prolog/doctype.ts';
import { EntityTable, mostGrowth } from './prolog/entity-table.ts';

const reference = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|&([^#;&\s][^;&\s]*);/g;

/**
 * The general entities that a document type declaration, or nothing, declares, by name; read as the check of the whole
 * document reads them. External ones are never read: a reference to one is a reference to nothing. Throws FeedError.
 */
export function declaredEntities(doctype: string): ReadonlyMap<string, string> {
  const entities = new EntityTable(() => ({ references: [], holdsRecord: false }));
  const cursor = new Cursor(doctype, true);
  try {
    if (cursor.passes('<!DOCTYPE')) readDoctype(cursor, entities, false);
  } catch (error) {
    if (error instanceof Malformed) throw new FeedError(`its DOCTYPE is not well-formed, ${error.message}`);
    throw error;
  }
  return entities.texts;
}

/**
 * Replaces references to declared entities in the text of one record, except where they are plain text (CDATA, comments).
 * Throws FeedError when they stand for too much, and for an entity that holds itself.
 */
export function expandEntities(xml: string, entities: ReadonlyMap<string, string>): string {
  let growth = 0;
  const expand = (text: string, within: readonly string[]): string =>
    text.replace(reference, (whole, name?: string) => {
      const value = name === undefined ? undefined : entities.get(name);
      if (name === undefined || value === undefined) return whole;
      if (within.includes(name)) throw new FeedError(`its entity "${name}" refers to itself`);
      growth += value.length;
      if (growth > mostGrowth) throw new FeedError(`its entities add more than ${mostGrowth} characters to one record`);
      return expand(withoutQuotes(value), [...within, name]);
    });
  return entities.size === 0 ? xml : expand(xml, []);
}

/**
 * A quote in what an entity stands for never ends the value of the attribute that refers to it
 * (https://www.w3.org/TR/xml/#inliteral). One with tags of its own has quotes that do, and no attribute may refer to it.
 */
const withoutQuotes = (text: string): string =>
  text.includes('<') ? text : text.replaceAll('"', '&#34;').replaceAll("'", '&#39;');
