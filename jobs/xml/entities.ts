import { FeedError } from './feed-error.ts';

/** A few entities that refer to each other can stand for gigabytes: characters that they may add to one record. */
const mostGrowth = 1024 * 1024;

/** XML knows these without a declaration, and a document may only declare them as what they are. */
const predefined: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
const reference = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|&([^#;&\s][^;&\s]*);/g;
const declaration = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+([^\s%"'>]+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/**
 * The general entities of an internal DTD subset, by name. External and parameter entities are never read: a reference
 * to one is a reference to nothing.
 */
export function declaredEntities(doctype: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  for (const [, name, double, single] of doctype.matchAll(declaration)) {
    // The first declaration of a name binds: https://www.w3.org/TR/xml/#sec-entity-decl
    if (name === undefined || predefined.has(name) || entities.has(name)) continue;
    entities.set(name, withCharacters(double ?? single ?? ''));
  }
  return entities;
}

/** Character references are replaced where an entity is declared, references to entities where it is used. */
const withCharacters = (value: string): string =>
  value.replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (whole, hex?: string, decimal?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

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
      return expand(value, [...within, name]);
    });
  return entities.size === 0 ? xml : expand(xml, []);
}
