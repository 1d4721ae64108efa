import { namePattern } from './cursor.ts';

/** One reference, or an ampersand that begins none. */
const reference = new RegExp(`&(?:#x([0-9a-fA-F]+);|#([0-9]+);|(${namePattern});)?`, 'gu');

export type Reference =
  | { readonly kind: 'character'; readonly at: number; readonly length: number; readonly point: number }
  | { readonly kind: 'entity'; readonly at: number; readonly length: number; readonly name: string }
  | { readonly kind: 'none'; readonly at: number };

/** The references in a text, and the ampersands that are none, in their order. */
export function* referencesIn(text: string): Generator<Reference> {
  for (const { 0: whole, 1: hexadecimal, 2: decimal, 3: name, index: at } of text.matchAll(reference)) {
    const length = whole.length;
    if (name !== undefined) yield { kind: 'entity', at, length, name };
    else if (hexadecimal !== undefined)
      yield { kind: 'character', at, length, point: Number.parseInt(hexadecimal, 16) };
    else if (decimal !== undefined) yield { kind: 'character', at, length, point: Number(decimal) };
    else yield { kind: 'none', at };
  }
}

/** https://www.w3.org/TR/xml/#NT-Char */
const isCharacter = (point: number): boolean =>
  point === 0x9 ||
  point === 0xa ||
  point === 0xd ||
  (point >= 0x20 && point <= 0xd7ff) ||
  (point >= 0xe000 && point <= 0xfffd) ||
  (point >= 0x10000 && point <= 0x10ffff);

/** What is wrong with a text's references in themselves, and where; entities are not looked up. */
export function faultOfReferences(text: string): { readonly reason: string; readonly at: number } | undefined {
  for (const found of referencesIn(text)) {
    if (found.kind === 'none') return { reason: 'an "&" that begins no reference', at: found.at };
    if (found.kind === 'character' && !isCharacter(found.point))
      return { reason: 'a reference to a character that is not allowed in XML', at: found.at };
  }
  return undefined;
}

/** The text with characters instead of the references to them, as it is where an entity is declared. */
export function withCharacters(text: string): string {
  let result = '';
  let end = 0;
  for (const found of referencesIn(text)) {
    if (found.kind !== 'character') continue;
    result += text.slice(end, found.at) + String.fromCodePoint(found.point);
    end = found.at + found.length;
  }
  return result + text.slice(end);
}
