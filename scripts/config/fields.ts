import { z } from 'zod';

/** Names in config become parts of AWS names, statement ids and file names, so they are the strictest of all. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must start with a letter and hold only a-z, 0-9 and "-", at most 63 characters');
export const Duration = z.string().regex(/^[1-9]\d*[smhd]$/, 'must be a whole number with a unit: 90s, 15m, 2h or 1d');
export const EnvironmentVariables = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: 'must be text, a number or true/false' }),
);
export const Parameters = z
  .record(z.string(), z.string())
  .describe('parameters: values for the Ref::name placeholders of the command.');
export const Command = z
  .array(z.string())
  .describe('command: program and arguments, in place of what the image starts.');
