import type { Schedule } from '../config/schedule-schema.ts';
import type { Config } from '../config/schema.ts';
import { variableList } from '../config/submission.ts';
import type { Submission } from '../config/submission-schema.ts';
import { type FunctionName, functionNames } from './parts.ts';

/** Values as AWS takes them, in an order that does not depend on who wrote them down when. */
export const environmentOf = (variables: Submission['environment']): Readonly<Record<string, string>> =>
  Object.fromEntries(variableList(variables).map(({ name, value }) => [name, value]));

/** All submissions that a function makes. */
export const submissionsOf = (config: Config, name: FunctionName): Submission[] =>
  name === 'schedule-to-batch'
    ? Object.values(config.schedules).flatMap(({ submit }) => submit ?? [])
    : Object.values(config.topics).flatMap(({ submit }) => submit ?? []);

/** The functions that have something to submit; no other is made. */
export const usedFunctions = (config: Config): FunctionName[] =>
  functionNames.filter((name) => submissionsOf(config, name).length > 0);

/** Whether somebody is told when something goes wrong: without an address no alert is made. */
export const isAlerting = ({ alerts }: Config): boolean => alerts.emails.length > 0;

/** The schedules that must succeed from time to time, by name; one that is switched off need not. */
export const expected = (config: Config): (readonly [name: string, schedule: Schedule, within: string])[] =>
  Object.entries(config.schedules).flatMap(([name, schedule]) => {
    const { expectSuccessWithin: within, enabled } = schedule;
    return within === undefined || !enabled || !isAlerting(config) ? [] : [[name, schedule, within] as const];
  });
