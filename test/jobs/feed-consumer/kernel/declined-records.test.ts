import assert from 'node:assert/strict';
import test from 'node:test';
import { kernelRecords } from '../../../support/kernel-records.ts';

const attributes = (count: number): string =>
  Array.from({ length: count }, (_, index) => ` a${index}="${index}"`).join('');

const unusual: Readonly<Record<string, string>> = {
  'an entity that XML itself does not know': '<job>&nbsp;</job>',
  'such an entity in an attribute': '<job a="&co;"/>',
  'an ampersand alone': '<job>a & b</job>',
  'a reference that does not end': '<job>&amp</job>',
  'a reference to no character': '<job>&#0;</job>',
  'a reference to a surrogate': '<job>&#xD800;</job>',
  'a reference beyond Unicode': '<job>&#x110000;</job>',
  'a number with a leading zero': '<job>&#065;</job>',
  'a control character': '<job>\u0001</job>',
  'a control character in a section': '<job><![CDATA[\u001f]]></job>',
  'two attributes of one name': '<job a="1" a="2"/>',
  'attributes without a space between them': '<job a="1"b="2"/>',
  'an attribute without quotes': '<job a=1/>',
  'an attribute without a value': '<job a/>',
  'a "<" in an attribute': '<job a="<"/>',
  'more attributes than it compares': `<job${attributes(65)}/>`,
  'two hyphens in a comment': '<job><!-- a -- b --></job>',
  'an element of the name of the text': '<job><_>1</_></job>',
  'an attribute that xml2js drops': '<job a="1" __proto__="2"/>',
  'such an attribute of a child': '<job><a __proto__="1">2</a></job>',
  'an attribute behind which xml2js fails': '<job hasOwnProperty="1" a="2"/>',
  'a name that goes on strangely': '<job><a*b>1</a*b></job>',
};

for (const [what, xml] of Object.entries(unusual))
  test(`the kernel declines ${what}, and goes on behind the record`, () => {
    for (const size of [1, 3, 1_000]) {
      const found = kernelRecords(`<s><job>0</job>${xml}<job>2</job></s>`, { sizes: [size] });
      assert.deepEqual(
        found.map(({ kind, xml: source, json }) => [kind, source, json]),
        [
          ['record', '<job>0</job>', '"0"'],
          ['declined', xml, undefined],
          ['record', '<job>2</job>', '"2"'],
        ],
      );
    }
  });

test('what only looks unusual is not declined', () => {
  const records = [
    ['<job a=">" b=\'"\' c = "\n"/>', '{"$":{"a":">","b":"\\"","c":"\\n"}}'],
    [`<job${attributes(64)}/>`, undefined],
    ['<job proto__="1" __proto="2" __proto___="3"/>', '{"$":{"proto__":"1","__proto":"2","__proto___":"3"}}'],
    ['<job toString="1"><__proto__>2</__proto__></job>', '{"$":{"toString":"1"},"__proto__":"2"}'],
    ['<job><constructor/><hasOwnProperty>1</hasOwnProperty></job>', '{"constructor":"","hasOwnProperty":"1"}'],
    ['<job>&#x10FFFF;&#1114111;&#9;&#xd7ff;</job>', '"\u{10ffff}\u{10ffff}\\t\ud7ff"'],
    ['<job><![CDATA[]]]]><![CDATA[>]]></job>', '"]]>"'],
    ['<job><a>1</a ><a\n>2</a\t></job>', '{"a":["1","2"]}'],
  ] as const;
  const found = kernelRecords(`<s>${records.map(([xml]) => xml).join('')}</s>`);
  assert.deepEqual(
    found.map(({ kind }) => kind),
    records.map(() => 'record'),
  );
  for (const [index, [, json]] of records.entries()) if (json !== undefined) assert.equal(found[index]?.json, json);
});

test('the document type declaration is given as it stands, before the records', () => {
  const doctype = `<!DOCTYPE s [ <!-- ]> <job/> ' --> <!ENTITY a "]>"> <?p ]> "?> ]>`;
  for (const size of [1, 2, 1_000])
    assert.deepEqual(
      kernelRecords(`<?xml version="1.0"?>\n${doctype}<s><job/></s>`, { sizes: [size] }).map(({ kind, xml }) => [
        kind,
        xml,
      ]),
      [
        ['doctype', doctype],
        ['record', '<job/>'],
      ],
    );
});

const broken: Readonly<Record<string, RegExp>> = {
  '<s>\n<job><a></job></s>': /an end tag belongs to no element that is open at line 2, column 9/,
  '<s><job></s></job>': /an end tag belongs to no element that is open at line 1, column 9/,
  '<s></s></s>': /an end tag belongs to no element/,
  '<s/><s/>': /it has a second root element at line 1, column 5/,
  '<s>\n\n é< x/></s>': /a "<" begins no markup at line 3, column 3/,
  '<s><!x>      </s>': /a "<" begins no markup/,
  '<s/><![CDATA[x]]>': /a "<" begins no markup/,
  'plain text': /it has no element/,
  '': /it has no element/,
  '<s><job>': /it is cut off/,
  '<s><job/><!-- ': /it is cut off/,
};

for (const [document, message] of Object.entries(broken))
  test(`a document is refused where its records cannot be told apart: ${JSON.stringify(document)}`, () => {
    for (const size of [1, 2, 1_000])
      assert.throws(() => kernelRecords(document, { sizes: [size] }), { name: 'FeedError', message });
  });
