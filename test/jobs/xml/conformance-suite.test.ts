import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { type SuiteDocument, suiteDocuments } from '../../support/conformance-suite.ts';
import { isAccepted, type Verdict, verdictOf } from '../../support/document-verdicts.ts';

/** What is accepted although it is not well-formed, and why. */
const acceptedAllTheSame: ReadonlyMap<string, string> = new Map([
  [
    'hst-lhs-007',
    'a byte-order mark of UTF-8 and a declaration of ISO-8859-1: the mark decides; libxml2 accepts it, too',
  ],
  ['hst-lhs-008', 'a byte-order mark of UTF-16 and a declaration of UTF-8: the mark decides; libxml2 accepts it, too'],
]);

/** What is refused although it is valid, and why. */
const refusedAllTheSame: ReadonlyMap<string, string> = new Map([
  [
    'rmt-e2e-50',
    'a next-line character between attributes, which is white space in XML 1.1 only; libxml2 refuses it, too',
  ],
]);

const documents = suiteDocuments();
const idsOf = (some: readonly SuiteDocument[]): string[] => some.map(({ id }) => id).sort();

const verdicts = new Map<string, Verdict>();

/** A document is judged once: an instance of the kernel has six megabytes, and they are most of what judging takes. */
function wholeVerdict({ path }: SuiteDocument): Verdict {
  const verdict = verdicts.get(path) ?? verdictOf(readFileSync(path));
  verdicts.set(path, verdict);
  return verdict;
}

const accepts = (document: SuiteDocument): boolean => isAccepted(wholeVerdict(document));

test('of 927 documents that are not well-formed 925 are refused, as many as libxml2 refuses', () => {
  const malformed = documents.filter(({ type }) => type === 'not-wf');
  assert.equal(malformed.length, 927);
  assert.deepEqual(idsOf(malformed.filter(accepts)), [...acceptedAllTheSame.keys()]);
});

test('of 595 documents that are valid 594 are accepted: all that libxml2 accepts, which are 588, and 6 more', () => {
  const valid = documents.filter(({ type }) => type === 'valid');
  assert.equal(valid.length, 595);
  assert.deepEqual(idsOf(valid.filter((each) => !accepts(each))), [...refusedAllTheSame.keys()]);
});

test('all 158 documents that are invalid but well-formed are accepted', () => {
  const invalid = documents.filter(({ type }) => type === 'invalid');
  assert.equal(invalid.length, 158);
  assert.deepEqual(idsOf(invalid.filter((each) => !accepts(each))), []);
});

test('the verdicts on all documents, and their places, are the same when they are cut everywhere', () => {
  for (const document of documents)
    assert.deepEqual(verdictOf(readFileSync(document.path), [1]), wholeVerdict(document), document.id);
});
