import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { chunkings, isAccepted, verdictOf } from '../../support/document-verdicts.ts';
import { chunkSizes, mutatedDocument, wellFormedDocument } from '../../support/random-documents.ts';

function saxesAccepts(document: string): boolean {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let isWellFormed = true;
  parser.on('error', () => {
    isWellFormed = false;
  });
  parser.write(document).close();
  return isWellFormed;
}

/**
 * Where saxes knows less: it asks neither for white space behind the target of an instruction that has a "?" in it
 * (https://www.w3.org/TR/xml/#NT-PI) nor whether a declared encoding exists. xmllint refuses both.
 */
const saxesIsLax = (document: string): boolean =>
  /<\?[^\s?]*\?(?!>)/.test(document) || /^<\?xml[^>]*encoding='(?!utf-?8')[^']*'/i.test(document);

test('random well-formed documents are accepted and pass as they are', () => {
  fc.assert(
    fc.property(wellFormedDocument, chunkSizes, (document, sizes) => {
      const verdict = verdictOf(document, sizes);
      assert.ok('text' in verdict, JSON.stringify(verdict));
      assert.equal(verdict.text, document);
    }),
    { numRuns: 400 },
  );
});

test('documents that are changed in one place are judged as saxes judges them', () => {
  const judged = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(mutatedDocument, (document) => {
      fc.pre(!saxesIsLax(document));
      const accepted = isAccepted(verdictOf(document));
      judged[accepted ? 'accepted' : 'refused']++;
      assert.equal(accepted, saxesAccepts(document), JSON.stringify(verdictOf(document)));
    }),
    { numRuns: 1_200 },
  );
  assert.ok(judged.accepted > 100 && judged.refused > 100, JSON.stringify(judged));
});

const fixed = fc.subarray([...chunkings], { minLength: 3, maxLength: 3 });

test('any chunks give the same verdict, at the same place, and the same records', () => {
  fc.assert(
    fc.property(fc.oneof(wellFormedDocument, mutatedDocument), chunkSizes, fixed, (document, sizes, three) => {
      const whole = verdictOf(document);
      for (const some of [...three, sizes]) assert.deepEqual(verdictOf(document, some), whole);
    }),
    { numRuns: 400 },
  );
});

test('records are found as saxes finds them: each outermost element of the name, with or without a prefix', () => {
  fc.assert(
    fc.property(wellFormedDocument, chunkSizes, fc.constantFrom('job', 'm0:job'), (document, sizes, record) => {
      const verdict = verdictOf(document, sizes, record);
      assert.ok('text' in verdict);
      const bytes = Buffer.from(document);
      const found = pairsOf(verdict.bounds).map(([begin, end]) => bytes.subarray(begin, end).toString());
      assert.deepEqual(found, saxesRecords(document, record));
      assert.equal(verdict.records, found.length);
    }),
    { numRuns: 400 },
  );
});

const pairsOf = (bounds: readonly number[]): [number, number][] =>
  Array.from({ length: bounds.length / 2 }, (_, index) => [bounds[2 * index] ?? 0, bounds[2 * index + 1] ?? 0]);

function saxesRecords(document: string, record: string): string[] {
  const parser = new SaxesParser({ xmlns: false });
  const isRecord = (name: string): boolean => name === record || (!record.includes(':') && name.endsWith(`:${record}`));
  const records: string[] = [];
  let depth = 0;
  let begin = 0;
  parser.on('opentagstart', ({ name }) => {
    if (!isRecord(name)) return;
    if (depth === 0) begin = document.lastIndexOf('<', parser.position - 1);
    depth++;
  });
  parser.on('closetag', ({ name }) => {
    if (!isRecord(name)) return;
    depth--;
    if (depth === 0) records.push(document.slice(begin, parser.position));
  });
  parser.write(document).close();
  return records;
}
