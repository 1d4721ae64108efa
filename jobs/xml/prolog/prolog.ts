import { type Cursor, Malformed } from './cursor.ts';
import { readDoctype } from './doctype.ts';
import type { EntityTable } from './entity-table.ts';
import { passesMisc } from './misc.ts';
import { readXmlDeclaration } from './xml-declaration.ts';

/** A page that was served instead of a feed; most are not even well-formed XML. */
export class HtmlPage extends Malformed {
  override name = 'HtmlPage';
}

const beginningOfTag = /<[^\s<>/]*/y;

/**
 * Reads what comes before the root: https://www.w3.org/TR/xml/#NT-prolog. The cursor ends at the `<` of the root's tag,
 * and the table holds the entities that the internal subset declares.
 */
export function readProlog(cursor: Cursor, entities: EntityTable): void {
  const { isStandalone } = readXmlDeclaration(cursor);
  let hasDoctype = false;
  for (;;) {
    if (cursor.skipSpace() || passesMisc(cursor)) continue;
    refuseHtml(cursor);
    if (!cursor.passes('<!DOCTYPE')) break;
    if (hasDoctype) cursor.fail('a second DOCTYPE', cursor.at - '<!DOCTYPE'.length);
    hasDoctype = true;
    readDoctype(cursor, entities, isStandalone);
  }
  if (!cursor.sees('<')) cursor.fail('a root element is expected');
}

/** XML has no DOCTYPE in small letters. */
function refuseHtml(cursor: Cursor): void {
  const begin = cursor.at;
  const beginning = cursor.match(beginningOfTag);
  const isPage = /^<html$/i.test(beginning) || (/^<!doctype$/i.test(beginning) && beginning !== '<!DOCTYPE');
  if (isPage) throw new HtmlPage('it is an HTML page', begin);
  cursor.at = begin;
}
