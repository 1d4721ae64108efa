import { z } from 'zod';
import { Environment } from './environment-schema.ts';
import { Config } from './schema.ts';

type Json = z.core.JSONSchema.BaseSchema;

const jsonSchema = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const isPart = (value: unknown): value is z.core.JSONSchema._JSONSchema => typeof value === 'boolean' || isJson(value);

/** An override gives any of the fields and inherits the rest; only lists are replaced whole, and so must be whole. */
function optional(schema: z.core.JSONSchema._JSONSchema): z.core.JSONSchema._JSONSchema {
  if (typeof schema === 'boolean') return schema;
  const { required: _required, default: _default, ...rest } = schema;
  const { properties, additionalProperties } = rest;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, optional(part)])),
    }),
    ...(isPart(additionalProperties) && { additionalProperties: optional(additionalProperties) }),
  };
}

/** A file of `config/` holds some of the sections, so that each can have its own file. */
function configSchema(): Json {
  const { required: _required, ...schema } = jsonSchema(Config);
  return { ...schema, title: 'baton: config/*.yaml' };
}

/** An environment file: its own fields, and overrides of the config. */
function environmentSchema(): Json {
  const own = jsonSchema(Environment);
  const overrides = optional(jsonSchema(Config));
  const inherited = typeof overrides === 'boolean' ? {} : overrides.properties;
  return { ...own, title: 'baton: config/environments/*.yaml', properties: { ...own.properties, ...inherited } };
}

/** The JSON Schemas that editors check YAML files with, by the file each is committed as. */
export const schemaFiles = (): Readonly<Record<string, string>> => ({
  'config/config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  'config/environments/environment.schema.json': `${JSON.stringify(environmentSchema(), null, 2)}\n`,
});
