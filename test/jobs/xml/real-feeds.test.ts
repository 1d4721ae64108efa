import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { verdictOf } from '../../support/document-verdicts.ts';
import { sharedFeeds, watchSeries, withoutSharedFeeds } from '../../support/shared-feeds.ts';

const skip = withoutSharedFeeds;

function contentOf(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

const recordsIn = (path: string, record: string): number | undefined => {
  const verdict = verdictOf(contentOf(path), [65_536, 1_000], record);
  return 'records' in verdict ? verdict.records : undefined;
};

/** Counted by expat and libxml2. */
const counted = [
  ['jobs/feed.xml', 'job', 88],
  ['jobs/jobrapido.xml', 'job', 88],
  ['jobs/jobatus.xml', 'ad', 88],
  ['jobs/rss.xml', 'item', 88],
  ['large/discogs_20200806_releases.xml.gz', 'release', 1_000],
  ['large/kanjidic2.xml.gz', 'character', 13_108],
] as const;

test('all published feeds that are well-formed are accepted, with as many records as other parsers count', {
  skip,
}, () => {
  for (const [file, record, count] of counted) assert.equal(recordsIn(join(sharedFeeds, file), record), count, file);
  const series = [83, 0, 83, 77, 80, 96, 121, 94, 0, 88, 80, 80, 88, 0];
  assert.deepEqual(
    watchSeries().map((path) => recordsIn(path, 'job')),
    series,
  );
});

test('the published feeds that are broken are refused where they are, in all chunks alike', { skip }, () => {
  const broken = [
    ['recruityard-careerjet-14fcfd03.xml', /a name is expected/, { line: 4, column: 15, offset: 79 }],
    [
      'recruityard-feed-0b65cb87.xml',
      /<\/date> where <\/dateposted> is expected/,
      { line: 8, column: 63, offset: 390 },
    ],
    ['recruityard-jobrapido-1beac906.xml', /<\/description> where <\/email>/, { line: 45, column: 132, offset: 2799 }],
  ] as const;
  assert.deepEqual(
    readdirSync(join(sharedFeeds, 'broken')).sort(),
    broken.map(([file]) => file),
  );
  for (const [file, reason, place] of broken)
    for (const sizes of [[1], [7], [1_000_000]]) {
      const verdict = verdictOf(contentOf(join(sharedFeeds, 'broken', file)), sizes);
      assert.ok('refusal' in verdict, file);
      assert.match(verdict.refusal, reason);
      assert.deepEqual(verdict.place, place);
    }
});
