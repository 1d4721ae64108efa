import assert from 'node:assert/strict';
import test from 'node:test';
import { chunkings, isAccepted, verdictOf } from '../../support/document-verdicts.ts';

/** A document, why it is refused, and the text before the place where it is. */
type Faulty = readonly [document: string, reason: RegExp, before: string];

/** The same verdict in all chunkings: the reason, and the place in line, column and byte. */
function assertRefused([document, reason, before]: Faulty): void {
  const lines = before.split('\n');
  const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1, offset: Buffer.byteLength(before) };
  for (const sizes of chunkings) {
    const verdict = verdictOf(document, sizes);
    assert.ok('refusal' in verdict, document);
    assert.match(verdict.refusal, reason);
    assert.deepEqual(verdict.place, place, `${document}: ${verdict.refusal}`);
  }
}

const content: readonly Faulty[] = [
  ['<a>\n<b></a>', /<\/a> where <\/b> is expected at line 2, column 4/, '<a>\n<b>'],
  ['<größe>🚀</große>', /<\/große> where <\/größe> is expected/, '<größe>🚀'],
  ['<a></ab>', /<\/ab> where <\/a> is expected/, '<a>'],
  ['<ab></a×b>', /refused: it is not well-formed XML, <\/a> where <\/ab> is expected/, '<ab>'],
  ['<a>\n<b/>', /it ends before <\/a>/, '<a>\n<b/>'],
  ['<a><b c="', /it ends before <\/a>/, '<a><b c="'],
  ['<a><!-- ', /it ends before <\/a>/, '<a><!-- '],
  ['<a b="1" b="2"/>', /an attribute is there twice/, '<a b="1" '],
  ['<a b="<"/>', /no "<" may stand in the value/, '<a b="'],
  ['<a b=1/>', /must be in quotes/, '<a b='],
  ['<a b/>', /a "=" is expected/, '<a b'],
  ['<a b="1"c="2"/>', /this cannot stand in a tag/, '<a b="1"'],
  ['<a / >', /this cannot stand in a tag/, '<a '],
  ['<a></a b>', /this cannot stand in an end tag/, '<a></a '],
  ['<1a/>', /a name is expected/, '<'],
  ['<a>< b/></a>', /a name is expected/, '<a><'],
  ['<a×/>', /this cannot stand in a tag/, '<a'],
  ['<a>x ]]> y</a>', /"]]>" must not stand in text/, '<a>x '],
  ['<a>]]]]></a>', /"]]>" must not stand in text/, '<a>]]'],
  ['<a><!-- a -- b --></a>', /"--" must not stand in a comment/, '<a><!-- a '],
  ['<a><!-- a ---></a>', /"--" must not stand in a comment/, '<a><!-- a '],
  ['<a>&b;</a>', /the entity "b" is not declared/, '<a>'],
  ['<a b="x&c;"/>', /the entity "c" is not declared/, '<a b="x'],
  ['<a>a & b</a>', /a name is expected/, '<a>a &'],
  ['<a>&b </a>', /an "&" that begins no reference/, '<a>'],
  ['<a>&#;</a>', /an "&" that begins no reference/, '<a>'],
  ['<a>&#xG;</a>', /an "&" that begins no reference/, '<a>'],
  ['<a>&#X41;</a>', /an "&" that begins no reference/, '<a>'],
  ['<a>&#8;</a>', /a reference to a character that is not allowed/, '<a>'],
  ['<a>&#xFFFF;</a>', /a reference to a character that is not allowed/, '<a>'],
  ['<a>&#xD800;</a>', /a reference to a character that is not allowed/, '<a>'],
  ['<a>&#99999999999999999999;</a>', /a reference to a character that is not allowed/, '<a>'],
  ['<a>é\n \u0001</a>', /the character U\+0001 is not allowed/, '<a>é\n '],
  ['<a>\ufffe</a>', /the character U\+FFFE is not allowed/, '<a>'],
  ['<a b="\u0000"/>', /the character U\+0000 is not allowed/, '<a b="'],
  ['<a><![CDATA[\uffff]]></a>', /the character U\+FFFF is not allowed/, '<a><![CDATA['],
  ['<a><!--\u000b--></a>', /the character U\+000B is not allowed/, '<a><!--'],
  ['<a><?b \u001f?></a>', /the character U\+001F is not allowed/, '<a><?b '],
  ['<a><?XmL b?></a>', /an XML declaration may only stand/, '<a>'],
  ['<a><?b+?></a>', /behind the target of an instruction/, '<a><?b'],
  ['<a><!DOCTYPE b></a>', /a DOCTYPE may only stand before the root/, '<a>'],
  ['<a><!ELEMENT b></a>', /must begin a comment or a CDATA section/, '<a>'],
  ['<a><![cdata[]]></a>', /must begin a comment or a CDATA section/, '<a>'],
  ['<a><!-x--></a>', /must begin a comment or a CDATA section/, '<a>'],
  ['<a/>\ntext', /text must not stand outside/, '<a/>\n'],
  ['<a/>&amp;', /text must not stand outside/, '<a/>'],
  ['<a/><b/>', /a second root/, '<a/>'],
  ['<a/></a>', /an end tag that no start tag belongs to/, '<a/>'],
  ['<a/><![CDATA[]]>', /a CDATA section must not stand outside/, '<a/>'],
  ['<a/><!-- ', /it ends within a comment/, '<a/><!-- '],
  ['<a/><?b', /it ends within a tag/, '<a/><?b'],
];

const prolog: readonly Faulty[] = [
  ['', /a root element is expected/, ''],
  ['<!-- only -->\n', /a root element is expected/, '<!-- only -->\n'],
  ['text<a/>', /a root element is expected/, ''],
  [' <?xml version="1.0"?><a/>', /an XML declaration may only stand at the very beginning/, ' '],
  ['<?xml?><a/>', /an XML declaration may only stand at the very beginning/, ''],
  ['<?xml encoding="utf-8"?><a/>', /"version" is expected/, '<?xml '],
  ['<?xml version="2.0"?><a/>', /the version of the XML declaration/, '<?xml version="'],
  ['<?xml version="1.0"encoding="utf-8"?><a/>', /"\?>" is expected/, '<?xml version="1.0"'],
  ['<?xml version="1.0" standalone="maybe"?><a/>', /the standalone of/, '<?xml version="1.0" standalone="'],
  ['<!-- a -- b --><a/>', /"--" must not stand in a comment/, '<!-- a '],
  ['<!-- \u0002 --><a/>', /the character U\+0002 is not allowed/, '<!-- '],
  ['<!DOCTYPE a><!DOCTYPE a><a/>', /a second DOCTYPE/, '<!DOCTYPE a>'],
  ['<!DOCTYPE a [ <!ELEMENT', /white space is expected/, '<!DOCTYPE a [ <!ELEMENT'],
  ['<!DOCTYPE a [', /a declaration is expected/, '<!DOCTYPE a ['],
];

test('what is not well-formed in the content is refused at its place, whatever the chunks', () => {
  for (const faulty of content) assertRefused(faulty);
});

test('what is not well-formed before the root is refused at its place, whatever the chunks', () => {
  for (const faulty of prolog) assertRefused(faulty);
});

test('all line ends count as one each, and columns count as editors do', () => {
  for (const sizes of chunkings)
    assert.deepEqual(verdictOf('<a>\r\n\r\n\r🚀é</b>', sizes), {
      refusal: 'the feed is refused: it is not well-formed XML, </b> where </a> is expected at line 4, column 4',
      place: { line: 4, column: 4, offset: 14 },
    });
});

test('an HTML page is called one', () => {
  for (const page of ['<!DOCTYPE html><html><br></html>', '<!doctype HTML>', '<HTML lang="en">', '<html/>'])
    for (const sizes of chunkings) {
      const verdict = verdictOf(page, sizes);
      assert.ok('refusal' in verdict && verdict.refusal.includes('it is an HTML page'), page);
    }
  assert.ok(isAccepted(verdictOf('<htmlpages/>')));
});

test('names are those of the fifth edition, and namespaces are not looked at', () => {
  for (const name of ['é', ':', 'a:b:c', '職種', '𐀀', 'a·', 'a\u0300', '\u200c', 'x.-_9'])
    assert.ok(isAccepted(verdictOf(`<${name} undeclared:${name}="">&#10;</${name}>`)), name);
  for (const name of ['·', '\u0300', '×', '÷', '\u037e', '\u2000', '\u3000', '-a', '.', '9', '\u{f0000}'])
    assert.ok(!isAccepted(verdictOf(`<${name}/>`)), name);
});

test('records are the outermost elements of the name, and their bounds those of their tags', () => {
  const document = '<s><job>1<job/></job><m0:job a=">"/><jobs/>é<x><job\n></job></x><!-- <job> --></s>';
  const records = ['<job>1<job/></job>', '<m0:job a=">"/>', '<job\n></job>'];
  for (const sizes of chunkings) {
    const verdict = verdictOf(document, sizes);
    assert.ok('bounds' in verdict);
    const begins = records.map((record) => Buffer.byteLength(document.slice(0, document.indexOf(record))));
    assert.deepEqual(
      verdict.bounds,
      begins.flatMap((begin, index) => [begin, begin + Buffer.byteLength(records[index] ?? '')]),
    );
    assert.equal(verdict.records, 3);
  }
  const counts = ['m0:job', 'x', 's', 'none'].map((record) => {
    const verdict = verdictOf(document, [5], record);
    return 'records' in verdict ? verdict.records : undefined;
  });
  assert.deepEqual(counts, [1, 1, 1, 0]);
});

test('more records than the kernel has room for at once are all found', () => {
  const verdict = verdictOf(`<s>${'<a/>'.repeat(100_000)}</s>`, [1_000_000], 'a');
  assert.ok('bounds' in verdict);
  assert.equal(verdict.records, 100_000);
  assert.deepEqual(verdict.bounds.slice(-4), [399_995, 399_999, 399_999, 400_003]);
});
