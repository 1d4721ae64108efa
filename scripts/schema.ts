/**
 * npm run schema
 *
 * Writes what follows from scripts/config/schema.ts: the JSON Schemas of the config, which each YAML file names in its
 * first line so that editors complete and check it, and config/README.md, which tells of every field. And what follows
 * from AWS's SDK: the fields that an override may have.
 */
import { writeFileSync } from 'node:fs';
import { schemaFiles } from './config/json-schema.ts';
import { referencePage } from './config/reference-page.ts';
import { overridableRequests } from './kinds/overridable.ts';

const files = {
  ...schemaFiles(),
  'config/README.md': referencePage(),
  'scripts/config/aws-requests.json': `${JSON.stringify(overridableRequests, null, 2)}\n`,
};
for (const [file, content] of Object.entries(files)) {
  writeFileSync(file, content);
  console.log(`wrote ${file}`);
}
