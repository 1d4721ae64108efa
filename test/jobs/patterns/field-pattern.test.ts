import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readSettings } from '../../../jobs/feed-watcher/settings.ts';
import { fieldPattern, PatternError } from '../../../jobs/patterns/field-pattern.ts';

/** The same answer as V8's own engine. */
function assertAlike(source: string, texts: readonly string[]): void {
  const own = new RegExp(source, 'u');
  const pattern = fieldPattern(source);
  // V8 finds a `\B` between the halves of a surrogate pair, too, where ECMAScript does not look.
  const asked = source.includes('\\B') ? texts.map((text) => text.replace(/[^\0-\uffff]/gu, '-')) : texts;
  for (const text of asked) assert.equal(pattern.test(text), own.test(text), JSON.stringify([source, text]));
}

const literals = [
  ...['a', 'b', 'é', '🚀', '-', ' ', '_', '\\.', '\\/', '\\u{1F680}', '\\uD83D\\uDE80', '\\u00e9', '\\x61', '\\cJ'],
  ...['\\t', '\\n', '\\x00', '\\[', '\\$', 'Z', '7', ':', '"', '&', '~', '#'],
];
const sets = ['.', '\\d', '\\D', '\\s', '\\S', '\\w', '\\W', '\\p{Lu}', '\\P{L}', '\\p{Script=Greek}', '\\p{Emoji}'];
const members = [
  ...[
    'a',
    'a-f',
    '0-9',
    'é-ü',
    '\\u{1F600}-\\u{1F6FF}',
    '\\uD83D\\uDE80-\\uD83D\\uDEFF',
    '\\-',
    '\\]',
    '[',
    '^',
    '.',
    '\\b',
  ],
  ...['&&', '[:alpha:', '\\x61-z', '\\t-\\r', '\\d', '\\S', '\\p{Ll}', '\\P{Ll}', '$', '|', '('],
];
const classes = fc
  .tuple(
    fc.constantFrom('[', '[^', '[-'),
    fc.array(fc.constantFrom(...members), { maxLength: 3 }),
    fc.constantFrom(']', '-]'),
  )
  .map(([begin, inside, end]) => `${begin}${inside.join('')}${end}`);
const quantifiers = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '{0,2}?', '{0}');
const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
  pattern: fc
    .array(
      fc.array(tie('term'), { maxLength: 4 }).map((terms) => terms.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((alternatives) => alternatives.join('|')),
  term: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('^', '$', '\\b', '\\B'),
    fc.tuple(fc.oneof(fc.constantFrom(...literals, ...sets), classes), quantifiers).map((both) => both.join('')),
    fc
      .tuple(fc.constantFrom('(', '(?:'), tie('pattern'), quantifiers)
      .map(([begin, inside, many]) => `${begin}${inside})${many}`),
  ),
}));
const characters = [...'aabbfzé🚀-_ .7Z:"[]^Ωω\n\r\t\u2028\u00a0\ufeff\u0000\b😀Ü/$'];
const texts = fc.array(
  fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((all) => all.join('')),
  {
    minLength: 3,
    maxLength: 8,
  },
);

test('any pattern without what is refused answers as that of V8 does', () => {
  fc.assert(fc.property(pattern, texts, assertAlike), { numRuns: 300 });
});

test('patterns of the kinds that feeds have answer as those of V8 do', () => {
  const values = [
    'REF-12',
    ' REF-1 ',
    'DE',
    'de',
    '12.345,67 €',
    'a@b.example',
    '2026-11-26',
    'größe',
    '',
    'a\nb',
    '+49 (0) 30',
  ];
  for (const source of [
    ...[
      '^REF-\\d+$',
      '^[A-Z]{2}$',
      '^[A-Z]{2}-\\d+$',
      '^\\d{4}-\\d{2}-\\d{2}$',
      '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$',
      'ü|ö',
    ],
    ...[
      '^(?<country>[A-Z]{2})$',
      "^[\\p{L}\\p{M} '\\-]+$",
      '^\\+?[\\d\\s()\\/\\-]{7,20}$',
      '^.{1,10}$',
      '^[^]*$',
      '^\\0$',
      '[]',
      '^\\S+$',
      '',
    ],
  ])
    assertAlike(source, values);
});

test('a pattern that takes V8 for ever is answered at once', () => {
  for (const source of ['^(a+)+$|^ok$', '^(a|aa)+$', '(a*)*b', '^(.*,){20}P'])
    assert.equal(fieldPattern(source).test(`${'a,'.repeat(20_000)}${'a'.repeat(20_000)}!`), false, source);
});

test('what cannot be matched in linear time is refused with the reason', () => {
  for (const [source, reason] of [
    ['a(?=b)', 'looks ahead or behind ("a(?=…"), which cannot be matched in linear time; say it in another way'],
    ['(?<!a)b', 'looks ahead or behind ("(?<!…"), which cannot be matched in linear time; say it in another way'],
    ['(a)\\1', 'refers back to a group ("(a)\\1…"), which cannot be matched in linear time; say it in another way'],
    [
      '(?<x>a)\\k<x>',
      'refers back to a group ("(?<x>a)\\k<…"), which cannot be matched in linear time; say it in another way',
    ],
    [
      '(a{100}){100}',
      'is too much for matching in linear time (invalid repeat count): it may count 1,000 repetitions at most, nested ones multiplied',
    ],
  ] as const)
    assert.throws(() => fieldPattern(source), new PatternError(reason));
  assert.throws(() => fieldPattern('('), /^PatternError: is no regular expression: .*\(/);
  // Not every V8 knows these.
  assert.throws(() => fieldPattern('(?i:a)'), /^PatternError: (is no regular expression|changes the flags of a part)/);
});

test('the watcher refuses it where it reads its settings, by the field', () => {
  const FEED_SETTINGS = JSON.stringify({ fields: { title: { pattern: '(?!x)' } } });
  assert.throws(
    () => readSettings({ FEED_SETTINGS }),
    /FEED_SETTINGS is wrong: .*"fields.title.pattern" looks ahead or behind/,
  );
});
