import type { EvaluateOnExit, RetryStrategy } from '@aws-sdk/client-batch';
import { refused } from './errors.ts';

/** Checks a strategy by the rules of docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html. */
export function checkedRetryStrategy(given: RetryStrategy): RetryStrategy {
  const { attempts, evaluateOnExit = [] } = given;
  if (attempts === undefined) throw refused('RetryAttempts must be provided with retry strategy');
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 10)
    throw refused(`RetryAttempts must be between 1 and 10, not ${attempts}`);
  if (evaluateOnExit.length > 5) throw refused(`at most 5 evaluateOnExit entries, not ${evaluateOnExit.length}`);
  evaluateOnExit.forEach(checkEntry);
  return { attempts, evaluateOnExit };
}

function checkEntry({ action, onExitCode, onReason, onStatusReason }: EvaluateOnExit): void {
  if (action?.toUpperCase() !== 'RETRY' && action?.toUpperCase() !== 'EXIT')
    throw refused(`evaluateOnExit action must be RETRY or EXIT, not ${action}`);
  checkPattern('onExitCode', onExitCode, /^\d*\*?$/);
  checkPattern('onReason', onReason, /^[a-zA-Z0-9.:\s]*\*?$/);
  checkPattern('onStatusReason', onStatusReason, /^[a-zA-Z0-9.:\s]*\*?$/);
  if (onExitCode === undefined && onReason === undefined && onStatusReason === undefined)
    throw refused('evaluateOnExit entry must have at least one of onExitCode, onReason, onStatusReason');
}

function checkPattern(field: string, pattern: string | undefined, form: RegExp): void {
  if (pattern !== undefined && (pattern.length > 512 || !form.test(pattern)))
    throw refused(`evaluateOnExit ${field} "${pattern}" is not a valid pattern`);
}

export interface FailedAttempt {
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly statusReason?: string | undefined;
}

/** Whether a failed attempt is followed by another: the first entry that matches decides, and no match means retry. */
export function isRetried(
  { attempts = 1, evaluateOnExit = [] }: RetryStrategy,
  failed: FailedAttempt,
  done: number,
): boolean {
  if (done >= attempts) return false;
  const entry = evaluateOnExit.find(
    ({ onExitCode, onReason, onStatusReason }) =>
      matches(onExitCode, failed.exitCode?.toString()) &&
      matches(onReason, failed.reason) &&
      matches(onStatusReason, failed.statusReason),
  );
  return entry?.action?.toUpperCase() !== 'EXIT';
}

/** A pattern that is absent matches everything; one that is there matches nothing where there is no value, but for `*`. */
function matches(pattern: string | undefined, value = ''): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}
