import assert from 'node:assert/strict';
import test from 'node:test';
import { formatSnapshotMessage, parseFeedMessage, type SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import { parseFeedSettings } from '../../../jobs/messages/feed-settings.ts';
import { ContractError } from '../../../jobs/messages/json-fields.ts';
import { whyNoPattern } from '../../../jobs/patterns/field-pattern.ts';

const mistakesIn = (settings: unknown): string => {
  try {
    parseFeedSettings(JSON.stringify(settings), whyNoPattern);
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
  return 'none';
};

test('without settings a feed has the defaults', () => {
  for (const text of ['', ' ', '{}'])
    assert.deepEqual(parseFeedSettings(text), {
      delta: false,
      maxShrink: '50%',
      partsAbove: 200_000_000,
      partSize: 100_000_000,
    });
});

test('settings are read, and rules of fields travel in the message as they are', () => {
  const fields = {
    title: { required: true, maxLength: 200 },
    date: { type: 'date' },
    '@kind': { type: 'enum', values: ['a', 'b'] },
    url: { type: 'url', pattern: '^https://' },
  } as const;
  const settings = { id: '@id', delta: true, maxShrink: '12.5%', partsAbove: 5_000, partSize: 2_000, fields };
  assert.deepEqual(parseFeedSettings(JSON.stringify(settings)), settings);
  const message: SnapshotMessage = {
    version: 1,
    id: 'x-1-abababababab',
    type: 'x',
    jobXmlTag: 'job',
    gzipped: true,
    emptyCDATA: true,
    bucket: 'feeds',
    key: 'k',
    sha256: 'ab'.repeat(32),
    bytes: 1,
    fields,
  };
  assert.deepEqual(parseFeedMessage(formatSnapshotMessage(message)), message);
});

test('a part is half as large as a feed that is not stored in parts', () => {
  assert.equal(parseFeedSettings('{ "partsAbove": 7000 }').partSize, 3_500);
});

test('every mistake is told at once', () => {
  const mistakes = mistakesIn({
    delta: true,
    maxShrink: '150%',
    partsAbove: 12,
    partSize: '1 GB',
    maxshrink: '5%',
    fields: {
      title: { required: 'yes', pattern: '(', maxlength: 3 },
      kind: { type: 'enum' },
      size: { type: 'text', values: ['a'] },
      date: { type: 'day', maxLength: 0 },
      'a b': {},
      list: ['required'],
      text: { pattern: '^(?!x)' },
    },
  });
  for (const mistake of [
    /"delta" needs an "id"/,
    /"maxShrink" must be a percentage such as "30%", not "150%"/,
    /"partsAbove" must be a whole number from 1000 on, not 12/,
    /"partSize" must be a whole number from 1000 on, not "1 GB"/,
    /"maxshrink" means nothing; known are id, delta, maxShrink, partsAbove, partSize, fields/,
    /"fields.title.required" must be true or false, not "yes"/,
    /"fields.title.pattern" is no regular expression: .*\(/,
    /"fields.text.pattern" looks ahead or behind \("\^\(\?!…"\), which cannot be matched in linear time/,
    /"fields.title.maxlength" means nothing; known are required, pattern, maxLength, type, values/,
    /"fields.kind" must have "values" where its type is "enum", and nowhere else/,
    /"fields.size" must have "values"/,
    /"fields.date.type" must be one of text, date, url, number, enum, not "day"/,
    /"fields.date.maxLength" must be a whole number from 1 on, not 0/,
    /"fields.a b" is no name of a field/,
    /"fields.list" must be an object, not \["required"\]/,
  ])
    assert.match(mistakes, mistake);
});

test('what is no object of settings is refused, and so are rules that would not fit into a variable', () => {
  assert.match(mistakesIn(['id']), /^the settings of the feed must be a JSON object, not \["id"\]/);
  assert.throws(() => parseFeedSettings('{ id: 1 }'), /the settings of the feed is not JSON/);
  assert.match(mistakesIn({ fields: 'title' }), /"fields" must be an object, not "title"/);
  assert.match(
    mistakesIn({ id: 'a b' }),
    /"id" must be the name of a child of the record, or "@" with that of an attribute, not "a b"/,
  );
  assert.match(mistakesIn({ fields: { [`@${'é'.repeat(128)}`]: {} } }), /^none$/);
  assert.match(mistakesIn({ fields: { ['é'.repeat(129)]: {} } }), /"fields.é+…" must have a name of at most 256 bytes/);
  assert.match(mistakesIn({ fields: { _: {} } }), /"fields._" is the text of the record itself, which has no rules/);
  const many = Object.fromEntries(Array.from({ length: 513 }, (_, n) => [String.fromCodePoint(0x4e00 + n), {}]));
  assert.match(mistakesIn({ fields: many }), /"fields" must be at most 512 fields, not 513/);
  const fields = { kind: { type: 'enum', values: Array.from({ length: 900 }, (_, n) => `v${n}`) } };
  assert.match(mistakesIn({ fields }), /"fields" must be at most 4000 characters of JSON, not \d+/);
});
