import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Parser } from 'xml2js';

/** Real feeds that lie beside the checkout and are not part of it. */
export const sharedFeeds = resolve('../shared/feeds');

/** For a test's `skip`: false where the feeds are there, else why the test does not run. */
export const withoutSharedFeeds = existsSync(sharedFeeds) ? false : `${sharedFeeds} is not there`;

export const watchSeries = (): string[] =>
  readdirSync(join(sharedFeeds, 'watch-series'))
    .sort()
    .map((file) => join(sharedFeeds, 'watch-series', file));

/** The text of a feed of a few megabytes. */
export function feedText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The records as xml2js finds them in the whole document: children of one name at a path below the root. */
export function xml2jsRecords(xml: string, path: readonly string[]): unknown[] {
  let found: unknown;
  new Parser({ explicitArray: false, explicitRoot: false }).parseString(xml, (error: unknown, document: unknown) => {
    if (error !== null) throw error;
    found = document;
  });
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return [];
    found = new Map<string, unknown>(Object.entries(found)).get(name);
  }
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
