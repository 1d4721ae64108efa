import { z } from 'zod';
import { Environment } from './environment-schema.ts';
import { Config } from './schema.ts';

export type Json = z.core.JSONSchema.JSONSchema;
export type Part = z.core.JSONSchema._JSONSchema;

export const jsonSchema = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });

/** An override gives any of the fields and inherits the rest; only lists are replaced whole, and so must be whole. */
function optional(schema: Json): Json {
  const { required: _required, default: _default, properties, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, removable(part)])),
    }),
    ...(additionalProperties !== undefined && { additionalProperties: removable(additionalProperties) }),
  };
}

/** `null` removes what the config has. */
const removable = (part: Part): Part =>
  typeof part === 'boolean' ? part : { anyOf: [optional(part), { type: 'null' }] };

/** A file of `config/` holds some of the sections, so that each can have its own file. */
function configSchema(): Json {
  const { required: _required, ...schema } = jsonSchema(Config);
  return { ...schema, title: 'baton: config/*.yaml' };
}

/** An environment file: its own fields, and overrides of the config. */
function environmentSchema(): Json {
  const own = jsonSchema(Environment);
  const overrides = optional(jsonSchema(Config));
  return {
    ...own,
    title: 'baton: config/environments/*.yaml',
    properties: { ...own.properties, ...overrides.properties },
  };
}

/** The JSON Schemas that editors check YAML files with, by the file each is committed as. */
export const schemaFiles = (): Readonly<Record<string, string>> => ({
  'config/config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  'config/environments/environment.schema.json': `${JSON.stringify(environmentSchema(), null, 2)}\n`,
});
