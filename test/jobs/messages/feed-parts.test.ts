import assert from 'node:assert/strict';
import test from 'node:test';
import { type FeedPart, formatFeedParts, parseFeedParts, partKey } from '../../../jobs/messages/feed-parts.ts';

const part = (index: number, firstRecord: number, records: number): FeedPart => ({
  key: partKey('snapshots/x/7', index),
  bytes: 10,
  sha256: 'ab'.repeat(32),
  records,
  firstRecord,
});

test('a manifest is read as it was written', () => {
  const manifest = { version: 1, parts: [part(0, 1, 5), part(1, 6, 0), part(2, 6, 2)] } as const;
  assert.deepEqual(parseFeedParts(formatFeedParts(manifest)), manifest);
  assert.equal(manifest.parts[2].key, 'snapshots/x/7/part-00002.xml.gz');
});

test('a gap between parts, an overlap, one part and none are refused', () => {
  const text = (...parts: readonly FeedPart[]): string => JSON.stringify({ version: 1, parts });
  assert.throws(() => parseFeedParts(text(part(0, 1, 5), part(1, 7, 1))), /part-00001.* begins with record 7.* with 5/);
  assert.throws(() => parseFeedParts(text(part(0, 1, 5), part(1, 5, 1))), /part-00001.* begins with record 5.* with 5/);
  assert.throws(() => parseFeedParts(text(part(0, 2, 5), part(1, 7, 1))), /begins with record 2.* with 0/);
  assert.throws(() => parseFeedParts(text(part(0, 1, 5))), /lists 1; it must be 2 to 10000/);
  assert.throws(() => parseFeedParts('{"version":1,"parts":[]}'), /"parts" must be a list with something in it/);
});
