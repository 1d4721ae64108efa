import { leastParts, mostParts, sha256Pattern } from './feed-message.ts';
import { ContractError, JsonFields } from './json-fields.ts';

/** One part of a snapshot that is stored in several: a well-formed document in UTF-8 whose root holds whole records. */
export interface FeedPart {
  readonly key: string;
  /** Length and SHA-256 of the part's content, decompressed, and its entity tag, as those of a snapshot. */
  readonly bytes: number;
  readonly sha256: string;
  readonly etag?: string;
  readonly records: number;
  /** The place of its first record among those of the feed, from 1 on. */
  readonly firstRecord: number;
}

/** What lies at `<key>/manifest.json`, written when all parts are there. */
export interface FeedParts {
  readonly version: 1;
  /** In the order of the feed. */
  readonly parts: readonly FeedPart[];
}

export const partsManifestKey = (key: string): string => `${key}/manifest.json`;

/** `<key>/part-00000.xml.gz`: five digits keep 10,000 parts in their order. */
export const partKey = (key: string, index: number): string => `${key}/part-${String(index).padStart(5, '0')}.xml.gz`;

/** Throws ContractError naming every field that is wrong. */
export function parseFeedParts(text: string): FeedParts {
  const fields = JsonFields.parse('the manifest of the parts', text);
  fields.version(1);
  const list = fields.objects('parts');
  fields.check();
  const parts = list.map(readPart);
  checkCount(parts.length);
  parts.reduce(checkPlace, 1);
  return { version: 1, parts };
}

/** The text of a manifest, checked by the rules of the side that will read it. Throws ContractError. */
export function formatFeedParts(manifest: FeedParts): string {
  const text = JSON.stringify(manifest);
  parseFeedParts(text);
  return text;
}

function readPart(fields: JsonFields): FeedPart {
  const etag = fields.optionalText('etag');
  const part = {
    key: fields.text('key'),
    bytes: fields.count('bytes'),
    sha256: fields.text('sha256', sha256Pattern),
    ...(etag !== undefined && { etag }),
    records: fields.count('records'),
    firstRecord: fields.count('firstRecord', 1),
  };
  fields.check();
  return part;
}

function checkCount(parts: number): void {
  if (parts < leastParts || parts > mostParts)
    throw new ContractError(`the manifest of the parts lists ${parts}; it must be ${leastParts} to ${mostParts}`);
}

/** A gap would be records that nobody delivers, an overlap records that two deliver. */
function checkPlace(expected: number, { key, records, firstRecord }: FeedPart): number {
  if (firstRecord !== expected)
    throw new ContractError(
      `the manifest of the parts is invalid: ${key} begins with record ${firstRecord}, the part before it ends with ${expected - 1}`,
    );
  return firstRecord + records;
}
