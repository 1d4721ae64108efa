import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FieldChecks, type FieldPlaces } from '../../../jobs/feed-consumer/batches/field-check.ts';
import type { FieldRule } from '../../../jobs/feed-consumer/batches/field-types.ts';
import { RecordKernel } from '../../../jobs/feed-consumer/kernel/record-kernel.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a rule has against the field `f` of a record; by the bytes of the kernel and by the object alike. */
function violation(rule: FieldRule, inside: string): string | undefined {
  const fields = { f: rule };
  const checks = new FieldChecks(fields);
  const kernel = new RecordKernel({ tag: 'job', emptyCDATA: true, fields });
  for (const findings of kernel.read(Buffer.from(`<s><job>${inside}</job></s>`))) {
    const json: unknown = JSON.parse(
      Buffer.from(findings.bytes.subarray(findings.jsonStart(0), findings.jsonEnd(0))).toString(),
    );
    const found = checks.violation(findings, 0);
    assert.equal(found, checks.violationOf(json));
    return found;
  }
  return assert.fail('no record was found');
}

const ofText = (rule: FieldRule, text: string): string | undefined => violation(rule, `<f>${escaped(text)}</f>`);

test('a required field must be there and have a text', () => {
  for (const inside of [
    '',
    '<g>1</g>',
    '<f/>',
    '<f> </f>',
    '<f a="1"/>',
    '<f><h>1</h></f>',
    '<f/><f> </f>',
    '<f><![CDATA[]]></f>',
  ])
    assert.equal(violation({ required: true }, inside), 'field "f" is required and has no text', inside);
  for (const inside of ['<f>1</f>', '<f> ü</f>', '<f a="1">x</f>', '<f/><f>1</f>', '<f>\\</f>'])
    assert.equal(violation({ required: true }, inside), undefined, inside);
});

test('a field that is absent or blank breaks no other rule', () => {
  for (const inside of ['', '<f/>', '<f>\n</f>', '<f a="x"/>'])
    for (const rule of [
      { type: 'date' },
      { type: 'enum', values: ['a'] },
      { pattern: '^x$' },
      { maxLength: 0 },
    ] as const)
      assert.equal(violation(rule, inside), undefined);
});

test('an attribute of the record is a field, too', () => {
  const fields = { '@id': { required: true, type: 'number' }, id: { maxLength: 2 } } as const;
  const checks = new FieldChecks(fields);
  const violations = (records: string): (string | undefined)[] => {
    const kernel = new RecordKernel({ tag: 'job', emptyCDATA: true, fields });
    return [...kernel.read(Buffer.from(`<s>${records}</s>`))].flatMap((findings) =>
      Array.from({ length: findings.count }, (_, index) => {
        const json = Buffer.from(findings.bytes.subarray(findings.jsonStart(index), findings.jsonEnd(index)));
        const found = checks.violation(findings, index);
        assert.equal(found, checks.violationOf(JSON.parse(json.toString())));
        return found;
      }),
    );
  };
  assert.deepEqual(
    violations('<job id="1"/><job id=""><id>1</id></job><job id="&lt;"/><job x="2" id="3"><id>123</id></job>'),
    [
      undefined,
      'field "@id" is required and has no text',
      'field "@id" must be a number, not "<"',
      'field "id" must have at most 2 characters, not "123"',
    ],
  );
});

test('each of several fields of a name must keep the rule', () => {
  assert.equal(violation({ type: 'number' }, '<f>1</f><f>2</f>'), undefined);
  assert.equal(violation({ type: 'number' }, '<f>1</f><f a="1">x</f>'), 'field "f" must be a number, not "x"');
});

const types: readonly [FieldRule, readonly string[], readonly string[]][] = [
  [
    { type: 'number' },
    ['0', '12', '-1.5', '+3', '.5', '2.', '1e9', ' 7 ', '007'],
    ['', '1,5', '0x1', '1 2', 'e3', '-', '１'].slice(1),
  ],
  [
    { type: 'date' },
    [
      '2026-01-28',
      '2024-02-29',
      '2026-12-31T23:59:59.999Z',
      '2026-01-28T10:00:00.000Z',
      '2026-01-31 10:00',
      '2026-01-31T10:00:00+0200',
      'Fri, 10 Dec 2024 22:49:39 GMT',
      '1 Jan 2026 00:00',
      '2026-01-28T10:00:00+02:00',
    ],
    [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '28.01.2026',
      '2026-1-28',
      '2026-01-28T24:00:00.000Z',
      '2026-01-28T10:60:00.000Z',
      '2026-01-28T10:00:61.000Z',
      '2026-01-28T10:00:00.0Z0',
      'Fri, 31 Nov 2024 22:49:39 GMT',
      'today',
      '2026-01-28x',
    ],
  ],
  [
    { type: 'url' },
    [
      'http://a.example',
      'https://jobs.example.com/view?id=1&src="x"',
      'HTTPS://EXAMPLE.COM/',
      'http://10.0.0.1/',
      'http://[::1]:80/',
      'https://größe.example/ü',
      'https://a.example:8080/#x',
      'http://localhost',
    ],
    [
      'ftp://a.example',
      'a.example',
      'http://',
      'http:///x',
      'http://a b.example',
      'https://a.example/a b',
      'http://999.1.1.1/',
      'javascript:alert(1)',
      'http://a.example:99999/',
    ],
  ],
  [
    { type: 'enum', values: ['full-time', 'part "time"', 'ü'] },
    ['full-time', 'part "time"', 'ü', ' ü '],
    ['full', 'full-timex', 'Full-time', 'U'],
  ],
  [{ type: 'text' }, ['anything', '\\', '"'], []],
  [{ maxLength: 3 }, ['abc', 'äöü', '🚀a', '🚀🚀🚀', '"""', 'a\n\nb'.slice(0, 3)], ['abcd', '🚀🚀🚀🚀', 'äöüß']],
  [{ pattern: '^REF-\\d+$' }, ['REF-12', ' REF-1 '], ['REF-', 'xREF-1']],
  [{ pattern: 'ü' }, ['grün', 'ü'], ['u']],
  // One that takes V8 for ever.
  [{ pattern: '^(a+)+$|^ok$' }, ['ok', 'aa'], [`${'a'.repeat(40)}!`]],
];

for (const [rule, good, bad] of types)
  test(`${JSON.stringify(rule)} takes what it must, and nothing else`, () => {
    for (const text of good) assert.equal(ofText(rule, text), undefined, text);
    for (const text of bad) assert.match(ofText(rule, text) ?? '', /^field "f" must .+, not "/, text);
  });

test('a pattern that no watcher would have let pass is refused by its field', () => {
  assert.throws(() => new FieldChecks({ g: { pattern: 'a(?=b)' } }), {
    name: 'JobError',
    message: /^the download message is invalid: "fields.g.pattern" looks ahead or behind/,
  });
});

test('a reason names field, rule and value, which is cut', () => {
  assert.equal(
    ofText({ maxLength: 5 }, 'much "longer"'),
    'field "f" must have at most 5 characters, not "much \\"longer\\""',
  );
  assert.equal(ofText({ type: 'enum', values: ['a', 'b'] }, 'c'), 'field "f" must be one of "a, b", not "c"');
  assert.equal(ofText({ pattern: '^a' }, 'b'), 'field "f" must match ^a, not "b"');
  assert.equal(ofText({ type: 'url' }, 'x'.repeat(500)), `field "f" must be a url, not "${'x'.repeat(80)}…"`);
});

test('what bytes show to be good is good to the letter, for any text', () => {
  const parts = fc.constantFrom(
    'http://',
    'https://',
    'a',
    '-',
    '.',
    '/',
    '1',
    '2026',
    '-01',
    '-28',
    'T10:00:00',
    'Fri, ',
    '10',
    ' Dec ',
    ' Xyz ',
    '2024',
    ' 22:49:39',
    ' GMT',
    ' +0200',
    '.000Z',
    ' ',
    '"',
    'ü',
    '\\',
    ':',
    'xn--',
    '@',
    '?',
  );
  const rules = fc.constantFrom<FieldRule>(
    { type: 'number' },
    { type: 'date' },
    { type: 'url' },
    { maxLength: 4 },
    { required: true },
    { type: 'enum', values: ['a', '-1', 'a ', ' 2026'] },
  );
  fc.assert(
    // `violation` compares both ways.
    fc.property(rules, fc.array(parts, { maxLength: 6 }), (rule, all) => void ofText(rule, all.join(''))),
    { numRuns: 1_500 },
  );
});

/** The names of the fields of a record that are decoded to see whether it keeps rules. */
function decodedOf(fields: Readonly<Record<string, FieldRule>>, record: Readonly<Record<string, string>>): string[] {
  const inside = Object.entries(record).map(([name, text]) => `<${name}>${escaped(text)}</${name}>`);
  const kernel = new RecordKernel({ tag: 'job', emptyCDATA: true, fields });
  const decoded: string[] = [];
  for (const findings of kernel.read(Buffer.from(`<s><job>${inside.join('')}</job></s>`))) {
    const places: FieldPlaces = {
      bytes: findings.bytes,
      keepsRules: (index) => findings.keepsRules(index),
      isSurelyGood: (index, field) => findings.isSurelyGood(index, field),
      fieldStart: (index, field) => findings.fieldStart(index, field),
      fieldEnd: (index, field) => {
        decoded.push(Object.keys(fields)[field] ?? '');
        return findings.fieldEnd(index, field);
      },
    };
    assert.equal(new FieldChecks(fields).violation(places, 0), undefined);
  }
  return decoded;
}

test('of usual values none is decoded, and of an unusual one among them that one alone', () => {
  const rules: Readonly<Record<string, FieldRule>> = {
    title: { required: true },
    place: { maxLength: 10 },
    hours: { type: 'number' },
    since: { type: 'date' },
    link: { type: 'url' },
    kind: { type: 'enum', values: ['full-time', 'part-time'] },
  };
  const usual = {
    title: 'Nurse',
    place: 'Berlin',
    hours: '40',
    since: '2026-01-28',
    link: 'https://jobs.example/1?a=b',
    kind: 'part-time',
    text: 'ä "b" \\',
  };
  assert.deepEqual(decodedOf(rules, usual), []);
  const unusual = { title: 'Über', place: 'ö', hours: '-1.5', link: 'https://größe.example/', kind: ' full-time' };
  for (const [name, text] of Object.entries(unusual))
    assert.deepEqual(decodedOf(rules, { ...usual, [name]: text }), [name]);
});
