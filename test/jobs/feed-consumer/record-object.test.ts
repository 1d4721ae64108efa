import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Parser } from 'xml2js';
import { RecordConverter } from '../../../jobs/feed-consumer/batches/record-object.ts';

/** What xml2js itself makes of a document. */
function reference(xml: string): unknown {
  let result: unknown;
  new Parser({ explicitArray: false, explicitRoot: false }).parseString(xml, (error: unknown, value: unknown) => {
    if (error !== null) throw error;
    result = value;
  });
  return result;
}

const json = (value: unknown): string => JSON.stringify(value);
const convert = (xml: string, emptyCDATA = true): string => json(new RecordConverter(emptyCDATA).convert(xml));

const name = fc.constantFrom('a', 'b', 'title', 'ns:c', 'd.e', 'é', 'job');
const text = fc
  .string({ unit: fc.constantFrom('x', ' ', '\n', '🚀', 'ß', '&amp;', '&#65;', '&lt;', '>', '"') })
  .map((value) => value.replace(/\]\]>/g, ''));
const attributes = fc.dictionary(
  fc.constantFrom('id', 'lang', 'x:y'),
  text.map((value) => value.replace(/"/g, '')),
  { maxKeys: 2 },
);
const cdata = fc
  .string({ unit: fc.constantFrom('<b>', '&', ']', 'y', '\n', '</job>', '<!--') })
  .map((value) => `<![CDATA[${value.replace(/\]\]>/g, '')}]]>`);
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc.tuple(name, attributes, fc.array(tie('content'), { maxLength: 4 })).map(([tag, attrs, content]) => {
    const start = `<${tag}${Object.entries(attrs)
      .map(([key, value]) => ` ${key}="${value}"`)
      .join('')}`;
    return content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${tag}>`;
  }),
  content: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    cdata,
    fc.constant('<!-- c --><?p i?>'),
    tie('element'),
  ),
}));

test('a record becomes what xml2js makes of it, for any record', () => {
  const converter = new RecordConverter(true);
  fc.assert(
    fc.property(element, (xml) => assert.equal(json(converter.convert(xml)), json(reference(xml)))),
    { numRuns: 400 },
  );
});

test('attributes lie under $, text under _, repeated elements in arrays', () => {
  assert.equal(
    convert('<job id="1">t<a/><a x="2">u</a><b>&lt;</b></job>'),
    json({ _: 't', $: { id: '1' }, a: ['', { _: 'u', $: { x: '2' } }], b: '<' }),
  );
});

test('elements named like what every object has, or like fields of xml2js, are kept', () => {
  const xml =
    '<job><constructor>1</constructor><__proto__><x>2</x></__proto__><toString/><cdata>3</cdata><![CDATA[t]]><_>4</_></job>';
  assert.equal(convert(xml), '{"_":["t","4"],"constructor":"1","__proto__":{"x":"2"},"toString":"","cdata":"3"}');
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});

test('attributes named like what every object has are kept, but for the two that xml2js itself cannot keep', () => {
  const others = Object.getOwnPropertyNames(Object.prototype).filter(
    (name) => name !== '__proto__' && name !== 'hasOwnProperty',
  );
  for (const name of others) assert.equal(convert(`<job ${name}="1" b="2"/>`), `{"$":{"${name}":"1","b":"2"}}`);
  assert.equal(convert('<job __proto__="1" b="2"/>'), '{"$":{"b":"2"}}');
  assert.equal(convert('<job __proto__="1">t</job>'), '"t"');
  assert.equal(convert('<job b="2" hasOwnProperty="1"/>'), '{"$":{"b":"2","hasOwnProperty":"1"}}');
  assert.throws(() => convert('<job hasOwnProperty="1" b="2"/>'), {
    name: 'UnreadableRecord',
    message: 'xml2js cannot read the record: parser.tag.attributes.hasOwnProperty is not a function',
  });
});

test('elements that hold only an empty CDATA section are left out when the message says so', () => {
  const xml =
    '<job><a><![CDATA[]]></a><b/><c> <![CDATA[]]><![CDATA[]]> </c><d k="v"><![CDATA[]]></d><e><![CDATA[ ]]></e></job>';
  assert.equal(convert(xml), json({ a: '', b: '', c: '  ', d: { $: { k: 'v' } }, e: ' ' }));
  assert.equal(convert(xml, false), json({ b: '', d: { $: { k: 'v' } }, e: ' ' }));
});

test('what looks like an empty CDATA element inside CDATA and comments stays', () => {
  const xml = '<job><d><![CDATA[<d><![CDATA[]]></d><!-- <a><![CDATA[]]></a> --><f>1</f></job>';
  assert.equal(convert(xml, false), json({ d: '<d><![CDATA[', f: '1' }));
  assert.equal(convert('<job><![CDATA[]]></job>', false), '""');
});

test('an instruction ends with the first "?>", whatever is before that, and only where it is one', () => {
  const xml =
    '<job><a>1</a><?p x??><b>2</b><?p ???><c>3</c><?p??><![CDATA[<?x ??>]]><!-- <?x ??> --><d>4</d><?p ?></job>';
  for (const emptyCDATA of [true, false])
    assert.equal(convert(xml, emptyCDATA), json({ _: '<?x ??>', a: '1', b: '2', c: '3', d: '4' }));
});

test('a record that cannot be read leaves the converter fit for the next one', () => {
  const converter = new RecordConverter(true);
  assert.throws(() => converter.convert('<job><a></job>'), /xml2js cannot read the record/);
  assert.throws(() => converter.convert('<job><a></job>'), /xml2js cannot read the record/);
  assert.equal(json(converter.convert('<job>1</job>')), '"1"');
  // sax throws there, which xml2js lets pass when its parser is not new.
  const fatal = '<job hasOwnProperty="1" b="2"/>';
  assert.throws(() => converter.convert(fatal), {
    name: 'UnreadableRecord',
    message: /^xml2js cannot read the record/,
  });
  assert.equal(json(converter.convert('<job>1</job>')), '"1"');
});

test('an attribute and a text of a megabyte are kept whole', () => {
  const long = 'x'.repeat(1_000_000);
  assert.equal(
    convert(`<job a="${long}"><b>${long}</b><c><![CDATA[${long}]]></c><!--${long}--></job>`),
    json({ $: { a: long }, b: long, c: long }),
  );
});
