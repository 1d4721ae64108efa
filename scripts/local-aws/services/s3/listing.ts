import { invalidArgument } from './errors.ts';
import { compareKeys, positionOf } from './object-index.ts';

/** Of what a listing is asked, common to all of them. */
export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys and common prefixes up to and with this one are left out. */
  readonly after: string;
  readonly limit: number;
}
/** `next` is where the page ended, when there are more: at an item, or at a common prefix. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly prefixes: readonly string[];
  readonly next: { readonly name: string; readonly item: Item | undefined } | undefined;
}

/**
 * A page of sorted keys: those below the prefix, and those with the delimiter behind the prefix rolled up into one
 * common prefix, which counts as one. `find` gives what to list for a key, none or several; it is asked for the key
 * `after` itself too, which may have more than the page before could hold.
 */
export function listKeys<Item>(
  keys: readonly string[],
  { prefix, delimiter, after, limit }: ListingRequest,
  find: (key: string) => readonly Item[],
): Listing<Item> {
  const items: Item[] = [];
  const prefixes: string[] = [];
  let last: Listing<Item>['next'];
  const isFull = () => items.length + prefixes.length >= limit;
  for (let i = positionOf(keys, compareKeys(after, prefix) > 0 ? after : prefix); i < keys.length; i++) {
    const key = keys[i] ?? '';
    if (!key.startsWith(prefix)) break;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      for (const item of find(key)) {
        if (isFull()) return { items, prefixes, next: last };
        items.push(item);
        last = { name: key, item };
      }
      continue;
    }
    const name = key.slice(0, cut + delimiter.length);
    if (name === after || prefixes.at(-1) === name || find(key).length === 0) continue;
    if (isFull()) return { items, prefixes, next: last };
    prefixes.push(name);
    last = { name, item: undefined };
  }
  return { items, prefixes, next: undefined };
}

/** What the answer of each listing says of its request and of its page. */
export const listingMembers = (
  { Prefix = '', Delimiter, EncodingType }: Asked,
  { prefixes, next }: Listing<unknown>,
  encode: (text: string) => string,
) => ({
  Prefix: encode(Prefix),
  Delimiter: Delimiter && encode(Delimiter),
  EncodingType,
  IsTruncated: next !== undefined,
  CommonPrefixes: prefixes.map((name) => ({ Prefix: encode(name) })),
});

interface Asked {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly EncodingType?: 'url' | undefined;
}

/** Pages hold 1,000 entries at most, whatever more was asked for. */
export function pageLimit(name: string, asked: number | undefined): number {
  if (asked !== undefined && (asked < 0 || asked > 2_147_483_647))
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(asked));
  return Math.min(asked ?? 1000, 1000);
}

/** `EncodingType: url` is for keys that XML cannot carry; S3 leaves slashes alone and writes a space as a plus sign. */
export const keyEncoder = (type: 'url' | undefined): ((text: string) => string) =>
  type === 'url'
    ? (text) =>
        encodeURIComponent(text)
          .replaceAll('%2F', '/')
          .replaceAll('%20', '+')
          .replace(/[!'()]/g, escapeCharacter)
    : (text) => text;

const escapeCharacter = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
