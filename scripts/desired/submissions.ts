import type { Config } from '../config/schema.ts';
import type { Submission } from '../config/submission-schema.ts';
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
