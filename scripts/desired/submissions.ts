import { names, type Site } from '../config/names.ts';
import type { Config, Submission } from '../config/schema.ts';
import type { FunctionName } from './parts.ts';

/** Values as AWS takes them, in an order that does not depend on who wrote them down when. */
export const environmentOf = (variables: Submission['environment']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(variables)
      .map(([name, value]) => [name, String(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** All submissions that a function makes. */
export const submissionsOf = (config: Config, name: FunctionName): Submission[] =>
  name === 'schedule-to-batch'
    ? Object.values(config.schedules).map(({ submit }) => submit)
    : Object.values(config.topics).flatMap(({ submit }) => submit ?? []);

/** A submission with AWS's names, as both functions read it. */
export function submissionInput(site: Site, { jobName, jobQueue, jobDefinition, ...rest }: Submission) {
  const environment = Object.entries(environmentOf(rest.environment)).map(([name, value]) => ({ name, value }));
  const overrides = {
    ...(environment.length === 0 ? {} : { environment }),
    ...(rest.command === undefined ? {} : { command: rest.command }),
  };
  return {
    jobName,
    jobQueue: names.jobQueue(site, jobQueue),
    jobDefinition: names.jobDefinition(site, jobDefinition),
    ...(Object.keys(overrides).length === 0 ? {} : { containerOverrides: overrides }),
    ...(rest.parameters === undefined ? {} : { parameters: rest.parameters }),
  };
}
