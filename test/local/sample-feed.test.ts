import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { writeLargeFeed } from '../support/large-feed.ts';
import { xml2jsRecords } from '../support/shared-feeds.ts';

/** The ads of a day by their id. */
function ads(day: 1 | 3): Map<string, string> {
  const records = xml2jsRecords(sampleFeed(day).toString(), ['job']).map((record) => JSON.stringify(record));
  return new Map(records.map((record) => [/"\$":\{"id":"(\d+)"/.exec(record)?.[1] ?? '', record]));
}

test('the sample feed is the same on every call', () => {
  assert.deepEqual(sampleFeed(1), sampleFeed(1));
});

test('on day 3 some ads are new, some are gone and some have changed', () => {
  const [first, third] = [ads(1), ads(3)];
  assert.deepEqual([first.size, third.size], [320, 336]);
  const gone = [...first.keys()].filter((id) => !third.has(id));
  const changed = [...first].filter(([id, ad]) => third.has(id) && third.get(id) !== ad);
  const added = [...third.keys()].filter((id) => !first.has(id));
  assert.deepEqual([gone.length, changed.length, added.length], [8, 29, 24]);
});

test('it has everything that makes real feeds hard', () => {
  const xml = sampleFeed(1).toString();
  const traits = [
    /<!\[CDATA\[<p>/,
    /&lt;p&gt;/,
    /<state\/>/,
    /<!\[CDATA\[\]\]>/,
    /<!--/,
    /<\?tracking/,
    /lang='ja'/,
    /日本語/,
    /القاهرة/,
    /🚀/,
    /<related><job /,
    /<\/job> -->/,
    /\]\]\]\]><!\[CDATA\[>/,
  ];
  for (const trait of traits) assert.match(xml, trait);
});

test('a feed of any size can be written, gzipped too', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'large-feed-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const { records } = await writeLargeFeed(join(directory, 'f.xml.gz'), 300_000);
  const xml = gunzipSync(readFileSync(join(directory, 'f.xml.gz'))).toString();
  assert.ok(Buffer.byteLength(xml) >= 300_000);
  assert.equal(xml2jsRecords(xml, ['job']).length, records);
});
