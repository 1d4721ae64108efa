import type { Calls } from '../../scripts/bootstrap/calls.ts';
import { operations } from '../../scripts/bootstrap/operations.ts';

/** `batch:SubmitJob`, of all lists together, sorted. */
export const namesOf = (...calls: readonly Calls[]): string[] =>
  calls
    .flatMap((each) => Object.entries(each))
    .flatMap(([service, names]) => names.map((name) => `${service}:${name}`))
    .sort();

/** What an operation takes, by the tools' table. */
export const actionsOfOperation = (name: string): string[] => (operations.get(name) ?? []).map(({ action }) => action);

export const actionsOf = (...calls: readonly Calls[]): string[] => namesOf(...calls).flatMap(actionsOfOperation);
