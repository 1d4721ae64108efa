import { z } from 'zod';

/** What would be right, where a value is of another type; what is missing is said to be so by the wording of all fields. */
export const shouldBe = (right: string) => ({
  error: ({ code, input }: { readonly code: string; readonly input?: unknown }): string | undefined =>
    code === 'invalid_type' && input !== undefined ? `must be ${right}` : undefined,
});

/** Names in config become parts of AWS names, statement ids and file names, so they are the strictest of all. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must start with a letter and hold only a-z, 0-9 and "-", at most 63 characters')
  .meta({ title: 'name' });
const duration = 'a whole number with a unit: 90s, 15m, 2h or 1d';
export const Duration = z
  .string(shouldBe(duration))
  .regex(/^[1-9]\d*[smhd]$/, `must be ${duration}`)
  .meta({ title: 'duration' });
/** A map or a list is a value too: the job gets it as JSON. */
const VariableValue = z.union(
  [z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown()), z.array(z.unknown())],
  { error: 'must be text, a number, true/false, or a map or list that the job gets as JSON' },
);
export type VariableValue = z.infer<typeof VariableValue>;
export const EnvironmentVariables = z.record(
  z.string(),
  VariableValue,
  shouldBe('a map of variables, each NAME: value'),
);
/** Fields in AWS's own words: what they may be is AWS's to say. */
export const AwsFields = z
  .record(z.string(), z.unknown(), shouldBe("a map of AWS's fields, each Name: value"))
  .meta({ title: 'map' });
export const Emails = z.array(
  z.string().refine((text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), 'must be an address, such as ops@example.com'),
  shouldBe('a list of addresses: [ops@example.com]'),
);
export const Parameters = z
  .record(z.string(), z.string())
  .describe('parameters: values for the Ref::name placeholders of the command.');
export const Command = z
  .array(z.string(), shouldBe('a list of program and arguments: [node, main.mjs]'))
  .describe('command: program and arguments, in place of what the image starts.');

/** For a refinement, as below. */
export const isKmsKey = (arn: string): boolean => /^arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(arn);

/** A refinement and no pattern: editors see a reference to a variable before it is resolved. */
export const SecretReference = z
  .string()
  .refine(
    (reference) =>
      /^[A-Za-z0-9_./-]{1,1011}$/.test(reference) ||
      /^arn:aws[a-z-]*:ssm:[^:]+:\d{12}:parameter\/.+$/.test(reference) ||
      /^arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:[^:]+(:[^:]*){0,3}$/.test(reference),
    'must be the name of an SSM parameter, or the full ARN of one or of a secret in Secrets Manager; never the value',
  );

/** A refinement and no pattern, as above. */
export const idOf = (kind: 'subnet' | 'sg') =>
  z
    .string()
    .refine((id) => /^[a-z]+-\w+$/.test(id) && id.startsWith(`${kind}-`), `must be an id that begins with ${kind}-`);

/** A refinement and no pattern, as above. */
export const RoleArn = z
  .string()
  .refine((arn) => /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(arn), 'must be the full ARN of a role');

/** AWS's own fields, laid over what baton computes: so that nothing AWS can do is out of reach. */
export const overrideOf = (operation: string) =>
  z
    .record(z.string(), z.unknown(), shouldBe(`a map of ${operation}'s own fields`))
    .optional()
    .describe(
      `Fields of AWS's ${operation}, laid over what baton computes: maps merge, null takes away, all else replaces. For what has no field here.`,
    );
