import assert from 'node:assert/strict';
import test from 'node:test';
import {
  formatSnapshotMessage,
  messageId,
  parseFeedMessage,
  type SnapshotMessage,
} from '../../../jobs/messages/feed-message.ts';
import { parseFeedState } from '../../../jobs/messages/feed-state.ts';

const sha256 = 'ab'.repeat(32);
const message: SnapshotMessage = {
  version: 1,
  id: messageId('broadbean', 7, sha256),
  type: 'broadbean',
  jobXmlTag: 'job',
  gzipped: true,
  emptyCDATA: true,
  bucket: 'feeds',
  key: 'snapshots/broadbean/7-j.xml.gz',
  sha256,
  bytes: 12,
  records: 1,
};

test('a message is read as it was written, and its id follows from sequence and content', () => {
  assert.equal(message.id, 'broadbean-7-abababababab');
  assert.deepEqual(parseFeedMessage(formatSnapshotMessage(message)), message);
  const { records: _, ...without } = message;
  assert.deepEqual(parseFeedMessage(formatSnapshotMessage(without)), without);
});

test('a message may tell of parts and of changes', () => {
  const more = {
    ...message,
    etag: '"1"',
    parts: 3,
    changes: { added: 1, removed: 2, changed: 3, key: 'changes/7.ndjson.gz' },
  };
  assert.deepEqual(parseFeedMessage(formatSnapshotMessage(more)), more);
  const { key: _, ...counts } = more.changes;
  assert.deepEqual(parseFeedMessage(formatSnapshotMessage({ ...more, changes: counts })), { ...more, changes: counts });
  for (const parts of [0, 1, 10_001, 2.5])
    assert.throws(() => formatSnapshotMessage({ ...message, parts }), /"parts" must be a whole number from 2 to 10000/);
});

test('the historic form is read as it stands', () => {
  const historic = '{"type":"lovelive","jobXmlTag":"job","gzipped":true,"emptyCDATA":false}';
  assert.deepEqual(parseFeedMessage(historic), JSON.parse(historic));
});

test('everything wrong with a message is said at once', () => {
  const wrong = JSON.stringify({ ...message, version: 2, type: '../x', gzipped: 'true', bytes: -1, sha256: 'no' });
  assert.throws(
    () => parseFeedMessage(wrong),
    (error) => {
      assert.ok(error instanceof Error && error.name === 'ContractError');
      for (const field of [
        '"version" must be 1',
        '"type"',
        '"gzipped" must be true or false, not "true"',
        '"bytes"',
        '"sha256"',
      ])
        assert.ok(error.message.includes(field), `${field} in ${error.message}`);
      return true;
    },
  );
});

test('what is no JSON object is refused with its beginning', () => {
  assert.throws(() => parseFeedMessage('not json'), /the download message is not JSON: .*begins with "not json"/);
  assert.throws(
    () => parseFeedMessage('not json'),
    // The log tells causes after the message: this one is told in it.
    (error: unknown) => error instanceof Error && error.cause === undefined,
  );
  assert.throws(() => parseFeedMessage('[1]'), /must be a JSON object, not \[1\]/);
  assert.throws(() => parseFeedMessage('{"type":"a"}'), /"jobXmlTag" must be .* not absent/);
});

test('a message that its reader would refuse is not written', () => {
  assert.throws(() => formatSnapshotMessage({ ...message, id: 'has spaces' }), /"id" must be/);
});

test('a state is read as it was written, with the messages in it checked', () => {
  const state = {
    version: 1,
    sequence: 8,
    validators: { url: 'http://x/', etag: '"e"' },
    current: message,
    pending: message,
  };
  assert.deepEqual(parseFeedState(JSON.stringify(state)), state);
  assert.throws(
    () => parseFeedState(JSON.stringify({ ...state, pending: { ...message, key: '' } })),
    /"pending" of the state of the feed is invalid: "key"/,
  );
  assert.throws(() => parseFeedState('{"version":1,"sequence":"8"}'), /"sequence" must be a whole number/);
});
