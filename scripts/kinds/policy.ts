import { z } from 'zod';

/** AWS keeps `"x"` and `["x"]` apart and means the same; sorted lists compare. */
const Strings = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String).sort());

/**
 * SNS and others store an account as the ARN of its root, and everybody as `{ "AWS": "*" }`: the same, whichever was sent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const Principal = z.union([z.literal('*'), z.record(z.string(), Strings)]).transform((principal) => {
  if (principal === '*' || principal['AWS'] === undefined) return principal;
  const AWS = principal['AWS'].map((name) => name.replace(/^arn:[\w-]+:iam::(\d{12}):root$/, '$1')).sort();
  return Object.keys(principal).length === 1 && AWS.join() === '*' ? '*' : { ...principal, AWS };
});

const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principal.optional(),
  NotPrincipal: Principal.optional(),
  Action: Strings.optional(),
  NotAction: Strings.optional(),
  Resource: Strings.optional(),
  NotResource: Strings.optional(),
  Condition: z.record(z.string(), z.record(z.string(), Strings)).optional(),
});

const Policy = z.object({
  // What IAM assumes where a policy names no version.
  Version: z.string().default('2008-10-17'),
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});

/**
 * An IAM policy document with every list a sorted list, so that what AWS returns equals what was sent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export type Policy = z.output<typeof Policy>;

/** Writes a policy in the form in which policies are compared. */
export const policy = (...statements: z.input<typeof Statement>[]): Policy =>
  Policy.parse({ Version: '2012-10-17', Statement: statements });

/** Reads a policy as AWS stores it: JSON, and URL-encoded where IAM returns it. */
export const parsePolicy = (text: string): Policy => Policy.parse(JSON.parse(text));
