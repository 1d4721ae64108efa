import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Parser } from 'xml2js';
import { readPlainRecord } from '../../../jobs/feed-consumer/plain-record.ts';

/** What xml2js itself makes of a record, as JSON. */
function reference(xml: string): string {
  let result: unknown;
  new Parser({ explicitArray: false, explicitRoot: false }).parseString(xml, (error: unknown, value: unknown) => {
    if (error !== null) throw error;
    result = value;
  });
  return JSON.stringify(result);
}

const pieces = (...parts: readonly string[]) => fc.string({ unit: fc.constantFrom(...parts), maxLength: 5 });
const space = fc.constantFrom(' ', '\n', '\t', ' \r\n ');
const end = fc.constantFrom('', '', ' ', '\r\n');
const name = fc.constantFrom('a', 'b', 'A', 'ns:c', 'd.e-f_1', 'été', '職', 'job');
const characters = [
  'x',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u00a0',
  '\ufeff',
  '🚀',
  'ß',
  '>',
  '&amp;',
  '&lt;',
  '&#65;',
  '&#x1F680;',
];
const quoted = fc.oneof(
  pieces(...characters, "'", '&quot;').map((value) => `"${value}"`),
  pieces(...characters, '"', '&apos;').map((value) => `'${value}'`),
);
const attribute = fc.tuple(space, fc.constantFrom('id', 'x:y', 'é'), end, end, quoted);
const attributes = fc
  .uniqueArray(attribute, { maxLength: 3, selector: ([, key]) => key })
  .map((list) => list.map(([before, key, left, right, value]) => `${before}${key}${left}=${right}${value}`).join(''));
const cdata = pieces('<b>', '&', '&nbsp;', ']', ' ', '\r\n', '</job>', '<!--').map((text) => `<![CDATA[${text}]]>`);
const aside = fc.constantFrom('<!---->', '<!-- <a> & - -->', '<?p?>', '<?p </a> ?>');
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, attributes, end, fc.array(tie('content'), { maxLength: 5 }), end, fc.boolean())
    .map(([tag, attrs, gap, content, last, isShort]) =>
      isShort ? `<${tag}${attrs}${gap}/>` : `<${tag}${attrs}${gap}>${content.join('')}</${tag}${last}>`,
    ),
  content: fc.oneof({ maxDepth: 4, withCrossShrink: true }, pieces(...characters), cdata, aside, tie('element')),
}));

test('any plain record is read, and is what xml2js makes of it', () => {
  fc.assert(
    fc.property(element, (xml) => assert.equal(JSON.stringify(readPlainRecord(xml)), reference(xml))),
    { numRuns: 1_000 },
  );
});

test('what is not plain is left to xml2js', () => {
  const others = [
    ...['_', 'cdata', 'constructor', '__proto__', 'toString'].map(
      (reserved) => `<job><${reserved}>1</${reserved}></job>`,
    ),
    ...['&unknown;', '&', '&amp', '&#0;', '&#065;', '&#1114112;', '&#xFFFFFF;', '&#X41;'].flatMap((reference) => [
      `<job>${reference}</job>`,
      `<job a="${reference}"/>`,
    ]),
    ...[
      '<job>',
      '<job></a>',
      '<job><a></job></a>',
      '<job/><job/>',
      '<job/>text',
      'text',
      '',
      '<job a=b/>',
      '<job a="<"/>',
    ],
    ...['<job><![CDATA[</job>', '<job><!--></job>', '<job><?</job>', '<job><!DOCTYPE a></job>', '<job', '<![CDATA[]]>'],
  ];
  for (const xml of others) assert.equal(readPlainRecord(xml), undefined, xml);
});

test('attributes may have any name', () => {
  const xml = '<job constructor="1" __proto__="2" hasOwnProperty="3" a="4"/>';
  assert.equal(
    JSON.stringify(readPlainRecord(xml)),
    '{"$":{"constructor":"1","__proto__":"2","hasOwnProperty":"3","a":"4"}}',
  );
});
