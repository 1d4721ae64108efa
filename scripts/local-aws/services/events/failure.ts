import type { AwsError } from '../../wire/errors.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html lists the codes of dead letters. */
export type FailureCode =
  | 'ERROR_FROM_TARGET'
  | 'INTERNAL_ERROR'
  | 'INVALID_JSON'
  | 'INVALID_PARAMETER'
  | 'NO_PERMISSIONS'
  | 'NO_RESOURCE'
  | 'THROTTLING';

/** What EventBridge makes of a target's error. */
export function failureOf({ code, status }: AwsError): FailureCode {
  if (/NotFound|DoesNotExist|NonExistent/.test(code)) return 'NO_RESOURCE';
  if (/AccessDenied|Authorization|Unauthorized/.test(code)) return 'NO_PERMISSIONS';
  if (/Throttl|TooManyRequests/.test(code) || status === 429) return 'THROTTLING';
  if (/^(Invalid|Validation|MissingParameter)/.test(code)) return 'INVALID_PARAMETER';
  return status >= 500 ? 'INTERNAL_ERROR' : 'ERROR_FROM_TARGET';
}

/** Missing permissions and resources do not come back by themselves: AWS does not try again. */
export const retryable = (code: FailureCode): boolean => code === 'THROTTLING' || code === 'INTERNAL_ERROR';
