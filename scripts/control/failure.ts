import { ConfigError } from '../config/issue.ts';
import { ApplyError, PlanError } from '../reconcile/errors.ts';

/** What an entry point prints: the operator's errors without a stack, anything else, which is our mistake, with it. */
export function failureText(error: unknown): string {
  const operators = error instanceof ConfigError || error instanceof PlanError || error instanceof ApplyError;
  if (operators || !(error instanceof Error)) return error instanceof Error ? error.message : String(error);
  return error.stack ?? error.message;
}
