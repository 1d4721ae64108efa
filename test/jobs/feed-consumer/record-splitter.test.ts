import assert from 'node:assert/strict';
import test from 'node:test';
import { RecordSplitter } from '../../../jobs/feed-consumer/record-splitter.ts';
import { FeedError } from '../../../jobs/xml/feed-error.ts';
import { sampleFeed } from '../../../scripts/local/sample-feed.ts';

/** The records' own text when the document comes in pieces of so many UTF-16 code units. */
function split(xml: string, tag: string, size: number): string[] {
  const splitter = new RecordSplitter(tag);
  const found: string[] = [];
  for (let at = 0; at < xml.length; at += size)
    found.push(...splitter.write(xml.slice(at, at + size)).map((record) => record.xml));
  splitter.end();
  return found;
}

const sizes = [1, 2, 3, 7, 4096];

function assertSplit(xml: string, tag: string, expected: readonly string[]): void {
  for (const size of sizes) assert.deepEqual(split(xml, tag, size), expected, `in pieces of ${size}`);
}

test('records are cut out as they stand, whatever the size of the pieces', () => {
  const records = ['<job a="x > y">é 🚀\r\n</job>', "<job\n id='2'\n/>", '<job ><b/></job >'];
  assertSplit(`<source><publisher>P</publisher>${records.join('<!-- - -->\n')}</source>`, 'job', records);
});

test('a record inside a record belongs to the outer one', () => {
  const outer = '<job>1<related><job>2<job/></job></related></job>';
  assertSplit(`<jobs>${outer}<job/></jobs>`, 'job', [outer, '<job/>']);
});

test('tags in comments, CDATA, instructions and attributes are no records', () => {
  const record = '<job t="&lt;job>"><![CDATA[</job><job>]]><!-- </job> --><?x </job>?></job>';
  assertSplit(
    `<?xml version="1.0"?><!-- <job/> --><s a="'<'.."><![CDATA[<job>]]>${record}</s>`.replace("'<'", ''),
    'job',
    [record],
  );
});

test('elements whose names only begin or end like the tag are no records', () => {
  assertSplit('<jobs><job-x/><jo/><xjob/><Job/></jobs>', 'job', []);
});

test('a tag without a colon means prefixed elements too, one with a colon exactly that name', () => {
  const xml = '<f xmlns:a="u"><a:job/><job/><b:job/></f>';
  assertSplit(xml, 'job', ['<a:job/>', '<job/>', '<b:job/>']);
  assertSplit(xml, 'a:job', ['<a:job/>']);
});

test('the root element can be the record', () => {
  assertSplit('<job>only</job>\n', 'job', ['<job>only</job>']);
});

test('entities of the internal DTD subset are replaced in records, but not in CDATA', () => {
  const dtd = `<!DOCTYPE s [ <!-- <!ENTITY no "comment"> it's --> <!ENTITY co "A &amp; B"> <!ENTITY both '&co;!'> <!ENTITY co "second"> ]>`;
  const xml = `${dtd}<s><job n="&co;">&both;<![CDATA[&co;]]>&lt;</job></s>`;
  assertSplit(xml, 'job', ['<job n="A &amp; B">A &amp; B!<![CDATA[&co;]]>&lt;</job>']);
});

test('entities that would grow without bound, or hold themselves, are refused', () => {
  const levels = Array.from({ length: 30 }, (_, level) => `<!ENTITY e${level + 1} "&e${level};&e${level};">`).join('');
  const bomb = `<!DOCTYPE s [<!ENTITY e0 "0123456789">${levels}]><s><job>&e30;</job></s>`;
  assert.throws(() => split(bomb, 'job', 4096), { name: 'FeedError', message: /add more than/ });
  const loop = '<!DOCTYPE s [<!ENTITY a "&b;"><!ENTITY b "&a;">]><s><job>&a;</job></s>';
  assert.throws(() => split(loop, 'job', 4096), { name: 'FeedError', message: /entity "a" refers to itself/ });
});

test('an entity that nobody declared, and an external one, are refused with their position', () => {
  for (const xml of [
    '<s>\n<job>&nbsp;</job></s>',
    '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s>\n<job>&x;</job></s>',
  ])
    assert.throws(
      () => split(xml, 'job', 3),
      (error) => error instanceof FeedError && error.details['line'] === 2,
    );
});

test('what is cut off, has crossing tags, two roots or no root is refused', () => {
  const broken = [
    '<s><job>',
    '<s><job></s></job>',
    '<s/><s/>',
    '',
    'plain text',
    '<s><job a="1" a="2"/></s>',
    '<s>&</s>',
    '<s><![CDATA[',
  ];
  for (const xml of broken)
    for (const size of sizes) assert.throws(() => split(xml, 'job', size), FeedError, `${xml} by ${size}`);
});

test('an HTML page is called one', () => {
  assert.throws(() => split('<!DOCTYPE html><html><body/></html>', 'job', 7), { message: /it is an HTML page/ });
});

test('each record knows the line where it begins', () => {
  const splitter = new RecordSplitter('job');
  const lines = splitter.write('<s>\n<job/>\n\n<job\n>\n</job></s>').map(({ line }) => line);
  assert.deepEqual(lines, [2, 4]);
});

test('the sample feed gives the same records in small pieces as in one', () => {
  const xml = sampleFeed(1)
    .toString()
    .slice(0, 40_000)
    .replace(/<job (?:(?!<\/job>)[\s\S])*$/, '');
  const whole = split(`${xml}</source>`, 'job', xml.length * 2);
  assert.ok(whole.length > 20);
  for (const size of [1, 7]) assert.deepEqual(split(`${xml}</source>`, 'job', size), whole);
});
