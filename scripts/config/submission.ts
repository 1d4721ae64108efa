import type { VariableValue } from './fields.ts';
import { names, type Site } from './names.ts';
import type { Submission } from './submission-schema.ts';

/** A submission in SubmitJob's own names, every value a string: what a rule's constant input or a route holds. */
export interface SubmissionInput {
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly shareIdentifier?: string;
  readonly containerOverrides?: {
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
    readonly command?: readonly string[];
  };
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A variable as a job gets it. */
export const variableText = (value: VariableValue): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Batch's list of variables, in the order of their names: a list in another order would show as a change. */
export const variableList = (
  environment: Readonly<Record<string, VariableValue>>,
): { readonly name: string; readonly value: string }[] =>
  Object.entries(environment)
    .map(([name, value]) => ({ name, value: variableText(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** What SubmitJob is called with; fields that say nothing are left out. */
export function submissionInput(site: Site, submission: Submission): SubmissionInput {
  const { jobName, jobQueue, jobDefinition, shareIdentifier, command, parameters } = submission;
  const environment = variableList(submission.environment);
  const overrides = { ...(environment.length > 0 && { environment }), ...(command && { command }) };
  return {
    jobName,
    jobQueue: names.jobQueue(site, jobQueue),
    jobDefinition: names.jobDefinition(site, jobDefinition),
    ...(shareIdentifier && { shareIdentifier }),
    ...(Object.keys(overrides).length > 0 && { containerOverrides: overrides }),
    ...(parameters && { parameters }),
  };
}
