import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { RecordConverter } from '../../jobs/feed-consumer/record-object.ts';
import { RecordSplitter } from '../../jobs/feed-consumer/record-splitter.ts';
import { feedText, sharedFeeds, watchSeries, withoutSharedFeeds, xml2jsRecords } from '../support/shared-feeds.ts';

function consumerRecords(xml: string, tag: string): string[] {
  const splitter = new RecordSplitter(tag);
  const converter = new RecordConverter(true);
  const records: string[] = [];
  for (let at = 0; at < xml.length; at += 10_007)
    records.push(
      ...splitter.write(xml.slice(at, at + 10_007)).map((record) => JSON.stringify(converter.convert(record.xml))),
    );
  splitter.end();
  return records;
}

function assertSameRecords(file: string, path: readonly string[], count: number): void {
  assert.equal(assertSame(feedText(file), path), count, file);
}

/** Compares with xml2js on the whole document and gives the number of records. */
function assertSame(xml: string, path: readonly string[]): number {
  const found = consumerRecords(xml, path.at(-1) ?? '');
  const expected = xml2jsRecords(xml, path).map((record) => JSON.stringify(record));
  assert.deepEqual(found, expected);
  return found.length;
}

test('the published job feeds give what xml2js finds in the whole document', { skip: withoutSharedFeeds }, () => {
  assertSameRecords(join(sharedFeeds, 'jobs/feed.xml'), ['job'], 88);
  assertSameRecords(join(sharedFeeds, 'jobs/jobrapido.xml'), ['jobs', 'job'], 88);
  assertSameRecords(join(sharedFeeds, 'jobs/jobatus.xml'), ['ad'], 88);
  assertSameRecords(join(sharedFeeds, 'jobs/rss.xml'), ['channel', 'item'], 88);
});

test('every version of the watched feed gives what xml2js finds', { skip: withoutSharedFeeds }, () => {
  const counts = [83, 0, 83, 77, 80, 96, 121, 94, 0, 88, 80, 80, 88, 0];
  for (const [index, file] of watchSeries().entries()) assertSameRecords(file, ['job'], counts[index] ?? -1);
});

/** Counts all records, and compares those of the beginning: xml2js needs seconds for the whole of a large feed. */
function assertSameBeginning(file: string, root: string, tag: string, count: number): void {
  const xml = feedText(file);
  assert.equal(new RecordSplitter(tag).write(xml).length, count, file);
  const end = xml.indexOf(`</${tag}>`, 500_000) + `</${tag}>`.length;
  assert.ok(assertSame(`${xml.slice(0, end)}</${root}>`, [tag]) > 50);
}

test('the large feeds have all their records, and give what xml2js finds', { skip: withoutSharedFeeds }, () => {
  assertSameBeginning(join(sharedFeeds, 'large/discogs_20200806_releases.xml.gz'), 'releases', 'release', 1_000);
  assertSameBeginning(join(sharedFeeds, 'large/kanjidic2.xml.gz'), 'kanjidic2', 'character', 13_108);
});
