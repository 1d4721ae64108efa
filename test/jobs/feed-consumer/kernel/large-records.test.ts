import assert from 'node:assert/strict';
import test from 'node:test';
import { RecordConverter } from '../../../../jobs/feed-consumer/batches/record-object.ts';
import { kernelRecords } from '../../../support/kernel-records.ts';

const megabyte = 1024 * 1024;
const mostRecord = 64 * megabyte;

const times = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join('');
const jsonOf = (xml: string): string => JSON.stringify(new RecordConverter(true).convert(xml));

/** The records between small ones, whose JSON is there already when the memory has to grow; in chunks of several sizes. */
function assertAsXml2js(...records: readonly string[]): void {
  const all = records.flatMap((record) => ['<job><a>before</a></job>', record]);
  const expected = all.map(jsonOf);
  const lines = all.map(
    (_, index) =>
      `<s>\n${all
        .slice(0, index)
        .map((xml) => `${xml}\n`)
        .join('')}`.split('\n').length,
  );
  for (const size of [997, 65_536, 50_000_000]) {
    const found = kernelRecords(`<s>\n${all.join('\n')}</s>`, { fields: ['a'], sizes: [size] });
    assert.ok(
      found.every(({ json }, index) => json === expected[index]),
      `in chunks of ${size}`,
    );
    assert.equal(found.length, expected.length);
    assert.ok(found.every(({ line }, index) => line === lines[index]));
    assert.ok(found.every(({ fields }, index) => index % 2 === 1 || fields[0] === '"before"'));
  }
}

test('thousands of elements, of few names and of many, in any order', () => {
  assertAsXml2js(
    `<job>${times(5_000, (index) => `<f${index % 700}>${index}</f${index % 700}>`)}</job>`,
    `<job>${times(3_000, (index) => `<n${index}/>`)}</job>`,
    `<job>${times(300, (index) => `<g><a/>${times(index % 20, (inner) => `<h${inner % 3} k="${inner}"/>`)}</g>`)}</job>`,
  );
});

test('a text in thousands of pieces', () => {
  assertAsXml2js(`<job>${times(6_000, (index) => `${index}<!-- c --><![CDATA[ & ]]>`)}</job>`);
});

test('texts, attributes and sections of megabytes', () => {
  const text = times(100_000, (index) => `line ${index} "quoted" &amp; ü\n`);
  assertAsXml2js(
    `<job a="${text.replaceAll('"', "'")}"><b>${text}</b></job>`,
    `<job><c><![CDATA[${text}]]></c><!--${text.replaceAll('-', '')}--></job>`,
    `<job>${'"'.repeat(3 * megabyte)}</job>`,
  );
});

test('more lines than a byte can count', () => {
  assertAsXml2js(`<job>${'\n'.repeat(20_000)}<a>1</a></job>`, `<job a="1">${times(9_000, () => '\n<b/>')}</job>`);
});

test('markup of no record may be large as well', () => {
  const filler = 'x<y> '.repeat(600_000);
  const document = `<s><!--${filler}--><?p ${filler}?><![CDATA[${filler}]]><job>1</job></s>`;
  for (const size of [65_536, 50_000_000])
    assert.deepEqual(
      kernelRecords(document, { sizes: [size] }).map(({ json }) => json),
      ['"1"'],
    );
});

test('a name of more than 64 KB is refused', () => {
  const name = 'n'.repeat(65_537);
  assert.throws(() => kernelRecords(`<s><job><${name}/></job></s>`, { sizes: [10_000] }), {
    name: 'FeedError',
    message: /a tag, a name or the DOCTYPE is too long at line 1, column 9/,
  });
});

test('a record of 64 MiB is read, one of a byte more is told with its place, and the next one is read', () => {
  const most = `<job>${'y'.repeat(mostRecord - '<job></job>'.length)}</job>`;
  const more = most.replace('y', 'yy');
  const document = Buffer.from(`<s>\n${most}\n${more}\n<job>next</job></s>`);
  for (const size of [262_144, document.length]) {
    const found = kernelRecords(document, { sizes: [size] });
    assert.deepEqual(
      found.map(({ kind, line, offset }) => ({ kind, line, offset })),
      [
        { kind: 'large', line: 2, offset: 4 },
        { kind: 'too large', line: 3, offset: 4 + mostRecord + 1 },
        { kind: 'record', line: 4, offset: 4 + 2 * (mostRecord + 1) + 1 },
      ],
    );
    assert.equal(found[0]?.json?.length, mostRecord - '<job></job>'.length + 2);
    assert.match(found[1]?.xml ?? '', /^<job>yyy/);
    assert.equal(found[2]?.json, '"next"');
  }
});

test('a record of a million elements is read, in parts, and the next one is', () => {
  const found = kernelRecords(`<s><job>${'<a/>'.repeat(1_100_000)}</job><job>2</job></s>`, { sizes: [262_144] });
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['large', 'record'],
  );
  assert.equal(found[0]?.json, `{"a":[${'"",'.repeat(1_099_999)}""]}`);
});

test('a record that is nested deeper than a thousand elements is left to xml2js, and the next one is not', () => {
  const deep = (depth: number): string => `<job>${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}</job>`;
  const found = kernelRecords(`<s>${deep(1_023)}${deep(1_024)}<job/></s>`, { sizes: [1_000] });
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['record', 'declined', 'record'],
  );
  assert.equal(found[0]?.json, jsonOf(deep(1_023)));
  assert.equal(found[1]?.xml, deep(1_024));
});

test('a record as deep as a feed may be is opened at one look', () => {
  const [begin, end] = ['<a>'.repeat(990), '</a>'.repeat(990)];
  const record = `<job>${`${begin}${'<b>x</b>'.repeat(160_000)}${end}`.repeat(2)}</job>`;
  const found = kernelRecords(`<s>${record}</s>`, { sizes: [262_144] });
  const inner = `{"b":[${'"x",'.repeat(159_999)}"x"]}`;
  const branch = `${'{"a":'.repeat(989)}${inner}${'}'.repeat(989)}`;
  assert.ok(found[0]?.json === `{"a":[${branch},${branch}]}`);
});

test('a child that is too large ends its record', () => {
  const child = `<c a="${'x'.repeat(mostRecord + 100)}"/>`;
  const found = kernelRecords(`<s><job>${'<a/>'.repeat(9_000)}${child} t <d>1</d></job><job>2</job></s>`);
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['too large', 'record'],
  );
});

test('thousands of small records in one chunk are found in their order', () => {
  const document = `<s>${times(5_000, (index) => `<job>${index}</job>`)}</s>`;
  assert.deepEqual(
    kernelRecords(document, { sizes: [document.length] }).map(({ json }) => json),
    Array.from({ length: 5_000 }, (_, index) => `"${index}"`),
  );
});
