import { z } from 'zod';

/**
 * What every entry of a section may say beside its own fields. `named` says how its name in AWS is made when it has none
 * of its own.
 */
export const entryFields = (named: string) => ({
  name: z
    .string()
    .min(1)
    .optional()
    .describe(`Its name in AWS, word for word, for what was there before. Without it, ${named}.`),
  protect: z
    .boolean()
    .default(false)
    .describe('Never delete or replace it unless --allow-protected is said, also when it has gone from config.'),
});
