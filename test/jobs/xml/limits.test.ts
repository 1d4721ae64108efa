import assert from 'node:assert/strict';
import test from 'node:test';
import { DocumentChecker } from '../../../jobs/xml/document-checker.ts';
import { isAccepted, verdictOf } from '../../support/document-verdicts.ts';

const kilobytes = [16 * 1024];

function refusalOf(document: string): string {
  const verdicts = [kilobytes, [1_000_000_000], [1_000, 70_000]].map((sizes) => verdictOf(document, sizes));
  const [first] = verdicts;
  for (const verdict of verdicts) assert.deepEqual(verdict, first);
  return first !== undefined && 'refusal' in first ? first.refusal : 'accepted';
}

test('elements may be nested as deep as the limit and no deeper', () => {
  const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  assert.ok(isAccepted(verdictOf(nested(1_000), kilobytes)));
  assert.match(refusalOf(nested(1_001)), /nested more than 1000 deep at line 1, column 3001/);
  assert.match(refusalOf('<a>'.repeat(1_000_000)), /nested more than 1000 deep/);
});

test('an element may have as many attributes as the limit and no more', () => {
  const element = (count: number): string => `<a ${Array.from({ length: count }, (_, n) => `b${n}=""`).join(' ')}/>`;
  assert.ok(isAccepted(verdictOf(element(1_000), kilobytes)));
  assert.match(refusalOf(element(1_001)), /more than 1000 attributes/);
  assert.match(refusalOf(element(300_000)), /more than 1000 attributes/);
});

test('names may be as long as the limit and no longer, of elements, attributes and entities', () => {
  const name = 'n'.repeat(1_000);
  assert.ok(isAccepted(verdictOf(`<${name} ${name}=""></${name}>`, kilobytes)));
  for (const document of [
    `<${name}n/>`,
    `<a ${name}n=""/>`,
    `<a>&${name}n;</a>`,
    `<a><?${name}n ?></a>`,
    `<a><${name.repeat(9_000)}`,
  ])
    assert.match(refusalOf(document), /a name is longer than 1000 bytes/);
});

test('a tag may be as long as the limit and no longer, whatever makes it long', () => {
  const mega = 1024 * 1024;
  assert.ok(isAccepted(verdictOf(`<a b="${'x'.repeat(4 * mega - 10)}"/>`, kilobytes)));
  for (const document of [
    `<a b="${'x'.repeat(5 * mega)}"/>`,
    `<a b="${'x'.repeat(5 * mega)}`,
    `<a${' '.repeat(5 * mega)}/>`,
    `<a></a${'\n'.repeat(5 * mega)}>`,
    `<a>&#${'0'.repeat(5 * mega)}65;</a>`,
  ])
    assert.match(refusalOf(document), /a tag is longer than 4194304 bytes/);
});

test('texts, sections, comments and instructions may be as long as they like', () => {
  const long = 'x]-?'.repeat(3_000_000);
  for (const document of [
    `<a>${long}</a>`,
    `<a><![CDATA[${long}]]></a>`,
    `<a><!--${long}--></a>`,
    `<a><?b ${long}?></a>`,
  ])
    assert.ok(isAccepted(verdictOf(document, kilobytes)));
});

test('what comes before the root is bounded', () => {
  assert.match(refusalOf(`<!--${'x'.repeat(5_000_000)}--><a/>`), /more than 4194304 characters before its root/);
  assert.match(refusalOf(' '.repeat(5_000_000)), /more than 4194304 characters before its root/);
});

test('a bomb in small chunks takes no more time than it has bytes', () => {
  const checker = new DocumentChecker('job');
  const begun = performance.now();
  checker.write(Buffer.from('<a b="'));
  const chunk = Buffer.alloc(256, 'x');
  for (let sent = 0; sent < 4_000_000; sent += chunk.length) checker.write(chunk);
  // Reading the tag again for each chunk would read 31 GB.
  assert.ok(performance.now() - begun < 5_000);
});
