import assert from 'node:assert/strict';
import test from 'node:test';
import { DocumentReader } from '../../../jobs/xml/document-reader.ts';

const listener = { opened: () => {}, closed: () => {} };

test('a record, or a text outside of one, that would fill the memory is refused', () => {
  for (const start of ['<s><job>', '<s><job><![CDATA[', '<s>', '<s><!--', '<!DOCTYPE s [', '<s a="']) {
    const reader = new DocumentReader('job', listener, 100);
    reader.write(start + 'x'.repeat(80));
    assert.throws(
      () => reader.write('x'.repeat(40)),
      { name: 'FeedError', message: /of more than 100 characters/ },
      start,
    );
  }
  const reader = new DocumentReader('job', listener, 100);
  reader.write('<s><job>');
  assert.throws(() => reader.write('<a/>'.repeat(40)), { name: 'FeedError', message: /a record of more than/ });
});

test('many small records and texts may be as long as they like together', () => {
  let records = 0;
  const reader = new DocumentReader('job', { opened: () => {}, closed: () => void records++ }, 100);
  for (let n = 0; n < 50; n++) reader.write(n === 0 ? '<s>' : '<job>text</job><other>text</other><!-- c -->');
  reader.write('</s>');
  reader.end();
  assert.equal(records, 49);
});
