import { FeedError } from './feed-error.ts';

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
 * Replaces references to declared entities in a piece of XML, except where they are plain text (CDATA, comments).
 * A few entities that refer to each other can stand for gigabytes, so the result is held below `limit` characters.
 * Throws FeedError beyond that, and for an entity that holds itself.
 */
export function expandEntities(xml: string, entities: ReadonlyMap<string, string>, limit: number): string {
  let budget = limit - xml.length;
  const expand = (text: string, within: readonly string[]): string =>
    text.replace(reference, (whole, name?: string) => {
      const value = name === undefined ? undefined : entities.get(name);
      if (name === undefined || value === undefined) return whole;
      if (within.includes(name)) throw new FeedError(`its entity "${name}" refers to itself`);
      budget -= value.length;
      if (budget < 0) throw new FeedError(`its entities stand for more than ${limit} characters in one record`);
      return expand(value, [...within, name]);
    });
  return entities.size === 0 ? xml : expand(xml, []);
}
