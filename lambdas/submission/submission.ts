import { entriesOf, listOf, objectOf, textOf } from './reading.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** What SubmitJob is called with: AWS's own field names, every value a string as AWS wants it. */
export interface Submission {
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  /** Of a queue with a scheduling policy, whose share it counts to. */
  readonly shareIdentifier?: string;
  readonly containerOverrides?: ContainerOverrides;
  readonly parameters?: Record<string, string>;
  /** Follows from a message; no schedule and no route sets it. */
  readonly arrayProperties?: { readonly size: number };
}

interface Requirement {
  readonly type: 'GPU' | 'MEMORY' | 'VCPU';
  readonly value: string;
}

interface ContainerOverrides {
  readonly environment?: Variable[];
  readonly command?: string[];
  readonly resourceRequirements?: Requirement[];
}

const overrideFields = ['environment', 'command', 'resourceRequirements'];
export const submissionFields = [
  'jobName',
  'jobQueue',
  'jobDefinition',
  'shareIdentifier',
  'containerOverrides',
  'parameters',
] as const;

/**
 * Reads a submission as people write it: numbers and booleans become strings, and `environment` may be a plain map.
 * Throws naming the field that is missing, of the wrong type or unknown: a field passed over in silence would be a job
 * that runs with something else than its schedule says.
 */
export function readSubmission(fields: Readonly<Record<string, unknown>>, what: string): Submission {
  const { shareIdentifier, containerOverrides: overrides, parameters } = fields;
  return {
    jobName: readJobName(fields['jobName'], `${what}.jobName`),
    jobQueue: textOf(fields['jobQueue'], `${what}.jobQueue`),
    jobDefinition: textOf(fields['jobDefinition'], `${what}.jobDefinition`),
    ...(shareIdentifier !== undefined && { shareIdentifier: textOf(shareIdentifier, `${what}.shareIdentifier`) }),
    ...(overrides !== undefined && { containerOverrides: readOverrides(overrides, `${what}.containerOverrides`) }),
    ...(parameters !== undefined && { parameters: Object.fromEntries(entriesOf(parameters, `${what}.parameters`)) }),
  };
}

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
function readJobName(value: unknown, what: string): string {
  const name = textOf(value, what);
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(name)) return name;
  throw new Error(
    `${what} is ${JSON.stringify(name)}: a job name starts with a letter or digit and holds at most 128 of A-Z, a-z, 0-9, "-" and "_"`,
  );
}

function readOverrides(value: unknown, what: string): ContainerOverrides {
  const { environment, command, resourceRequirements } = objectOf(value, what, overrideFields);
  const each = <T>(list: unknown, field: string, read: (one: unknown, path: string) => T): T[] =>
    listOf(list, `${what}.${field}`).map((one, at) => read(one, `${what}.${field}[${at}]`));
  return {
    ...(environment !== undefined && { environment: readEnvironment(environment, `${what}.environment`) }),
    ...(command !== undefined && { command: each(command, 'command', textOf) }),
    ...(resourceRequirements !== undefined && {
      resourceRequirements: each(resourceRequirements, 'resourceRequirements', readRequirement),
    }),
  };
}

function readEnvironment(value: unknown, what: string): Variable[] {
  if (!Array.isArray(value)) return entriesOf(value, what).map(([name, text]) => ({ name, value: text }));
  return listOf(value, what).map((each, at) => {
    const fields = objectOf(each, `${what}[${at}]`, ['name', 'value']);
    return {
      name: textOf(fields['name'], `${what}[${at}].name`),
      value: textOf(fields['value'], `${what}[${at}].value`),
    };
  });
}

function readRequirement(value: unknown, what: string): Requirement {
  const fields = objectOf(value, what, ['type', 'value']);
  const type = fields['type'];
  if (type !== 'VCPU' && type !== 'MEMORY' && type !== 'GPU')
    throw new Error(`${what}.type is ${JSON.stringify(type)}; it must be VCPU, MEMORY or GPU`);
  return { type, value: textOf(fields['value'], `${what}.value`) };
}

/** The submission with one more variable, which wins over one of the same name. */
export function withVariable(submission: Submission, name: string, value: string): Submission {
  const { containerOverrides = {} } = submission;
  const others = (containerOverrides.environment ?? []).filter((variable) => variable.name !== name);
  return { ...submission, containerOverrides: { ...containerOverrides, environment: [...others, { name, value }] } };
}
