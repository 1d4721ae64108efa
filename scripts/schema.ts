/**
 * npm run schema
 *
 * Writes the JSON Schemas of the config from scripts/config/schema.ts; each YAML file names its schema in its first
 * line, so that editors complete and check it.
 */
import { writeFileSync } from 'node:fs';
import { schemaFiles } from './config/json-schema.ts';

for (const [file, content] of Object.entries(schemaFiles())) {
  writeFileSync(file, content);
  console.log(`wrote ${file}`);
}
