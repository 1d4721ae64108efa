import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { schemaFiles } from '../../scripts/config/json-schema.ts';
import { loadConfig } from '../../scripts/config/load.ts';
import { feedConfig } from '../support/feed-config.ts';

const environments = ['local', 'production', 'staging'];

test('the committed JSON Schemas are those of the schema', () => {
  for (const [file, content] of Object.entries(schemaFiles())) {
    assert.equal(readFileSync(file, 'utf8'), content, `${file} is stale: npm run schema`);
  }
});

test('every YAML file names its schema in its first line', () => {
  const yaml = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  assert.deepEqual(
    yaml('config/environments'),
    environments.map((name) => `${name}.yaml`),
  );
  const firstLine = (file: string): string => readFileSync(file, 'utf8').split('\n')[0] ?? '';
  for (const file of yaml('config')) {
    assert.equal(firstLine(`config/${file}`), '# yaml-language-server: $schema=config.schema.json', file);
  }
  for (const file of yaml('config/environments')) {
    assert.equal(
      firstLine(`config/environments/${file}`),
      '# yaml-language-server: $schema=environment.schema.json',
      file,
    );
  }
});

for (const environment of environments) {
  test(`the shipped config is valid in ${environment}`, () => {
    const { site } = loadConfig({ directory: 'config', environment });
    assert.equal(site.environment, environment);
  });
}

test('on this machine the type and the record tag of the feed come from variables', () => {
  const variables = { feedType: 'lovelive', recordTag: 'item', broadbeanFeedUrl: 'http://127.0.0.1:1/f.xml' };
  const { config } = loadConfig({ directory: feedConfig, environment: 'local', variables });
  assert.deepEqual(config.schedules['broadbean']?.submit?.environment, {
    FEED_URL: 'http://127.0.0.1:1/f.xml',
    FEED_TYPE: 'lovelive',
    JOB_XML_TAG: 'item',
  });
});

test('an override may leave out what the config has, an entry of a list may not', () => {
  const text = schemaFiles()['config/environments/environment.schema.json'] ?? '';
  const schema: unknown = JSON.parse(text);
  const at = (value: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((inner, key) => new Map(Object.entries(inner ?? {})).get(key), value);
  const inside = (name: string) => [name, 'anyOf', '0'];
  const definition = ['properties', ...inside('jobDefinitions'), ...inside('additionalProperties')];
  assert.equal(at(schema, ...definition, 'required'), undefined);
  assert.deepEqual(at(schema, ...definition, 'properties', ...inside('evaluateOnExit'), 'items', 'required'), [
    'action',
  ]);
  assert.deepEqual(at(schema, 'required'), ['account', 'region', 'prefix', 'network']);
});
