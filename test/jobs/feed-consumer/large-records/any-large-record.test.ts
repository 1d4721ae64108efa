import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RecordConverter, UnreadableRecord } from '../../../../jobs/feed-consumer/batches/record-object.ts';
import { declaredEntities, expandEntities } from '../../../../jobs/xml/entities.ts';
import { kernelRecords } from '../../../support/kernel-records.ts';
import { chunkSizes, recordDocument } from '../../../support/record-documents.ts';
import { saxesRecords } from '../../../support/saxes-records.ts';

/** Bytes above which a record comes in parts here, so that each element of it may be opened. */
const largest = fc.integer({ min: 0, max: 60 });
const tags = fc.constantFrom('job', 'a', 's', 's');

for (const emptyCDATA of [true, false])
  test(`a record that comes in parts is what xml2js makes of all of it, emptyCDATA ${emptyCDATA}`, () => {
    const converter = new RecordConverter(emptyCDATA);
    let inParts = 0;
    fc.assert(
      fc.property(recordDocument, tags, chunkSizes, largest, (document, tag, sizes, most) => {
        const reading = { tag, emptyCDATA, sizes, largest: most };
        const found = kernelRecords(document, reading).filter(({ kind }) => kind !== 'doctype');
        inParts += found.filter(({ kind }) => kind === 'large').length;
        const expected = saxesRecords(document, tag);
        assert.deepEqual(
          found.map(({ kind, xml, line, json }) => ({
            line,
            json: kind === 'declined' ? outcomeOf(xml, converter) : json,
          })),
          expected.map(({ xml, line }) => ({ line, json: outcomeOf(xml, converter) })),
        );
        for (const [index, { xml }] of expected.entries())
          assert.ok(Buffer.from(document).subarray(found[index]?.offset).toString().startsWith(xml));
      }),
      { numRuns: 300 },
    );
    assert.ok(inParts > 60, `only ${inParts} records came in parts`);
  });

const unreadable = /^xml2js cannot read the record: /;

const doctype =
  '<!DOCTYPE s [<!ENTITY co "A &amp; B"><!ENTITY both "&co;!"><!ENTITY sp " "><!ENTITY cd "<![CDATA[ ]]>">' +
  '<!ENTITY el "<b>1</b>x<title/>"><!ENTITY us "<_>2</_>"><!ENTITY part "<part>3</part>">]>';

/** What the kernel leaves to xml2js, between what it does not. */
const pieces = fc.constantFrom(
  ...['&co;', '&both;', '&el;', '&sp;', '&cd;', '&us;', '&part;', '&#065;', '&unknown;'],
  ...['<a __proto__="1"/>', '<a __proto__="1" b="2">1</a>', '<a hasOwnProperty="1">1</a>', '<__proto__>1</__proto__>'],
  ...['<_>1</_>', '<_ a="1">2</_>', '<_/>', '<a x="&co;">1</a>', '<a b="1" b="2"/>', '<part/>'],
  ...[
    'text',
    ' ',
    '\n',
    '<b>1</b>',
    '<b/>',
    '<title>&amp;</title>',
    '<![CDATA[ ]]>',
    '<![CDATA[]]>',
    '<!-- c -->',
    'é&#10;',
  ],
);
const { content } = fc.letrec<{ content: string }>((tie) => ({
  content: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        pieces,
        pieces,
        tie('content').map((inner) => `<d>${inner}</d>`),
        tie('content').map((inner) => `<d __proto__="1">${inner}</d>`),
      ),
      { maxLength: 7 },
    )
    .map((all) => all.join('')),
}));
const startTag = fc.constantFrom(
  ...['<job>', '<job>', '<job a="1">', '<job a="&co;" b="é">', '<job __proto__="1">', '<job __proto__="1" a="2">'],
);

/** What chance does not bring each time: xml2js leaves nothing of the attributes of what is opened. */
const rare: [string, string, number[], number][] = [
  ['<job __proto__="1">', 'text', [1], 0],
  ['<job __proto__="1">', '<d __proto__="1"><d __proto__="1"><![CDATA[]]></d></d>', [1], 0],
];

for (const emptyCDATA of [true, false])
  test(`so is one of which xml2js reads some parts, or it says why not, emptyCDATA ${emptyCDATA}`, () => {
    const entities = declaredEntities(doctype);
    const outcomes = { read: 0, unreadable: 0 };
    fc.assert(
      fc.property(startTag, content, chunkSizes, largest, (start, inner, sizes, most) => {
        const record = `${start}${inner}</job>`;
        const [found] = kernelRecords(`${doctype}<s>${record}</s>`, { emptyCDATA, sizes, largest: most }).slice(1);
        if (found?.kind !== 'large') return;
        const expected = outcomeOf(expandEntities(record, entities), new RecordConverter(emptyCDATA));
        const isUnreadable = unreadable.test(expected);
        outcomes[isUnreadable ? 'unreadable' : 'read']++;
        // Which of several faults is told depends on where the parts end.
        if (isUnreadable) assert.match(found.json ?? '', unreadable);
        else assert.equal(found.json, expected);
      }),
      { numRuns: 300, examples: rare },
    );
    assert.ok(outcomes.read > 60 && outcomes.unreadable > 30, JSON.stringify(outcomes));
  });

/** The JSON of a record, or why xml2js cannot read it. */
function outcomeOf(xml: string, converter: RecordConverter): string {
  try {
    return JSON.stringify(converter.convert(xml));
  } catch (error) {
    if (error instanceof UnreadableRecord) return error.message;
    throw error;
  }
}
