import assert from 'node:assert/strict';
import test from 'node:test';
import { chunkings, verdictOf } from '../../support/document-verdicts.ts';

function assertAccepted(document: string): void {
  for (const sizes of chunkings)
    assert.ok('text' in verdictOf(document, sizes), JSON.stringify(verdictOf(document, sizes)));
}

function assertRefused(document: string, reason: RegExp, before?: string): void {
  for (const sizes of chunkings) {
    const verdict = verdictOf(document, sizes);
    assert.ok('refusal' in verdict, document);
    assert.match(verdict.refusal, reason);
    if (before !== undefined)
      assert.deepEqual(verdict.place, { line: 1, column: before.length + 1, offset: before.length }, verdict.refusal);
  }
}

const withSubset = (subset: string, content = ''): string => `<!DOCTYPE a [${subset}]><a>${content}</a>`;

test('declarations of all kinds are read', () => {
  assertAccepted(
    withSubset(`
      <!ELEMENT a (b?, (c | d)*, e+)+> <!ELEMENT b (#PCDATA)> <!ELEMENT c ( #PCDATA | d )*> <!ELEMENT d EMPTY> <!ELEMENT e ANY >
      <!ATTLIST a f CDATA #REQUIRED g (h|i) "h" j NOTATION (k | l) #IMPLIED m NMTOKENS #FIXED 'n &lt; &#65;'>
      <!ENTITY o "p"> <!ENTITY q SYSTEM "r.xml"> <!ENTITY s PUBLIC "-//t//u" "v" NDATA w>
      <!ENTITY % x "y"> <!NOTATION z PUBLIC "z"> <!NOTATION z SYSTEM 'z'> <!-- ]> --> <?pi ]> ?>
    `),
  );
});

test('declarations that are not well-formed are refused at their place', () => {
  const faulty: readonly (readonly [subset: string, reason: RegExp, before: string])[] = [
    ['<!ELEMENT b (c,d|e)>', /"\)" is expected/, '<!ELEMENT b (c,d'],
    ['<!ELEMENT b (#PCDATA|c)>', /"\*" is expected/, '<!ELEMENT b (#PCDATA|c)'],
    ['<!ELEMENT b>', /white space is expected/, '<!ELEMENT b'],
    ['<!ATTLIST b c CDATA "<">', /no "<" may stand/, '<!ATTLIST b c CDATA "'],
    ['<!ATTLIST b c CDATA "&d;">', /the entity "d" is not declared/, '<!ATTLIST b c CDATA "'],
    ['<!ATTLIST b c STRING "">', /a type of attribute is expected/, '<!ATTLIST b c '],
    ['<!ENTITY b "&">', /an "&" that begins no reference/, '<!ENTITY b "'],
    ['<!ENTITY b "&#0;">', /a character that is not allowed/, '<!ENTITY b "'],
    ['<!ENTITY b "%c;">', /no "%" may stand/, '<!ENTITY b "'],
    ['<!ENTITY lt "x">', /"lt" can stand for nothing else/, '<!ENTITY '],
    ['<!ENTITY b PUBLIC "{" "c">', /a public identifier/, '<!ENTITY b PUBLIC '],
    ['<![INCLUDE[ ]]>', /conditional sections/, ''],
    ['<!SGML b>', /a declaration is expected/, ''],
    ['<?xml version="1.0"?>', /an XML declaration may only stand/, ''],
    ['%b', /";" is expected/, '%b'],
    [
      '<!ENTITY % b "<!ELEMENT c"> %b;',
      /in the parameter entity "b": white space is expected/,
      '<!ENTITY % b "<!ELEMENT c"> ',
    ],
    ['<!ENTITY % b "&#37;b;"> %b;', /the parameter entity "b" refers to itself/, '<!ENTITY % b "&#37;b;"> '],
  ];
  for (const [subset, reason, before] of faulty) assertRefused(withSubset(subset), reason, `<!DOCTYPE a [${before}`);
});

test('entities must be declared, and what they stand for must be well-formed where it stands', () => {
  const declared = '<!ENTITY b "<c>&d;</c>"><!ENTITY d "text"><!ENTITY less "&#38;#60;"><!ENTITY tag "&#60;c/>">';
  assertAccepted(withSubset(declared, '&b; &d; &less; &tag; <c e="&d;&less;"/> <![CDATA[&f;]]>'));
  const use = (subset: string, content: string, reason: RegExp): void =>
    assertRefused(withSubset(subset, content), reason, `<!DOCTYPE a [${subset}]><a>`);
  use(declared, '&f;', /the entity "f" is not declared/);
  use('<!ENTITY b "<c>">', '&b;', /the entity "b" does not fit here: <\/entity> where <\/c>/);
  use('<!ENTITY b "</a><a>">', '&b;', /the entity "b" does not fit here/);
  use('<!ENTITY b "</entity><entity>">', '&b;', /the entity "b" does not fit here: there is a second root/);
  use('<!ENTITY b "&c;"><!ENTITY c "&b;">', '&b;', /the entity "b" refers to itself/);
  use('<!ENTITY b "&c;">', '&b;', /the entity "c" is not declared/);
  use('<!ENTITY b SYSTEM "c" NDATA d>', '&b;', /the entity "b" is no text/);
  const value = (subset: string, reason: RegExp): void =>
    assertRefused(withSubset(subset, '<c d="&b;"/>'), reason, `<!DOCTYPE a [${subset}]><a><c d="`);
  value('<!ENTITY b "<c/>">', /the entity "b" does not fit here: it holds a "<"/);
  value('<!ENTITY c "&#60;"><!ENTITY b "&c;">', /the entity "c" does not fit here: it holds a "<"/);
  value('<!ENTITY b SYSTEM "c">', /the entity "b" is external/);
});

test('a record in an entity is refused where it would be lost, and is a part of the record that it is used in', () => {
  const subset = '<!ENTITY r "<x:job>1</x:job>"><!ENTITY s "&r;"><!ENTITY t "<![CDATA[<job>]]><jobs/>">';
  const lost = /the entity "[rs]" holds <job>, and outside of one no entity is expanded/;
  for (const use of ['&r;', '&s;', '<b>&s;</b>', '<job/>&r;'])
    assertRefused(withSubset(subset, use), lost, `<!DOCTYPE a [${subset}]><a>${use.replace(/&.*/, '')}`);
  assertAccepted(withSubset(subset, '<job>&r;<b>&s;</b></job>&t;'));
});

test('an entity may be unknown where declarations were not read, unless the document stands alone', () => {
  assertAccepted('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&b;</a>');
  assertAccepted(withSubset('<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;', '&c;'));
  assertAccepted(withSubset('<!ENTITY b SYSTEM "file:///etc/passwd">', '&b;'));
  assertRefused('<?xml version="1.0" standalone="yes"?><!DOCTYPE a SYSTEM "b"><a>&b;</a>', /"b" is not declared/);
});

test('declarations in parameter entities count', () => {
  assertAccepted(withSubset(`<!ENTITY % c "<!ENTITY b 'text'>"> %c;`, '&b;'));
  assertAccepted(
    withSubset(
      `<!ENTITY % name "b"> <!ENTITY % c "<!ENTITY &#37;name; '&#37;name;'><!ATTLIST a d CDATA '&#37;'>"> %c;`,
      '&b;',
    ),
  );
});

const laughs = (levels: number): string =>
  [
    '<!ENTITY l0 "ha">',
    ...Array.from({ length: levels }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`),
  ].join('');

test('a billion laughs are refused where they are asked for, in text, in values and in declarations', () => {
  assertAccepted(withSubset(laughs(9)));
  assertAccepted(withSubset(laughs(9), '&l4;'));
  assertRefused(withSubset(laughs(9), '&l9;'), /the entity "l\d" stands for more than 1048576 characters/);
  assertRefused(withSubset(laughs(9), '<b c="&l9;"/>'), /stands for more than 1048576 characters/);
  const parameters = ['<!ENTITY % l0 "<!-- ha -->">']
    .concat(Array.from({ length: 9 }, (_, level) => `<!ENTITY % l${level + 1} "${`&#37;l${level};`.repeat(10)}">`))
    .join('');
  assertRefused(withSubset(`${parameters} %l9;`), /parameter entities stand for more than 1048576 characters/);
});

test('entities may add so much to one record, and as much to the next', () => {
  const subset = `<!ENTITY b "${'x'.repeat(300_000)}">`;
  const record = (references: number): string => `<job><c d="&b;"/>${'&b;'.repeat(references - 1)}</job>&b;`;
  const verdict = (content: string, size: number) => verdictOf(withSubset(subset, content), [size]);
  for (const size of [3, 1_000, 1_000_000]) {
    assert.ok('text' in verdict(record(3).repeat(20), size));
    const refused = verdict(record(3) + record(4), size);
    assert.ok('refusal' in refused && /add more than 1048576 characters to one record/.test(refused.refusal));
  }
});
