/**
 * npm run schema
 *
 * Writes what follows from scripts/config/schema.ts: the JSON Schemas of the config, which each YAML file names in its
 * first line so that editors complete and check it, and config/README.md, which tells of every field.
 */
import { writeFileSync } from 'node:fs';
import { schemaFiles } from './config/json-schema.ts';
import { referencePage } from './config/reference-page.ts';

for (const [file, content] of Object.entries({ ...schemaFiles(), 'config/README.md': referencePage() })) {
  writeFileSync(file, content);
  console.log(`wrote ${file}`);
}
