/**
 * A failure that the operator can understand without a stack: the feed, the destination or the settings are at fault.
 * `details` become fields of the job's error event.
 */
export class JobError extends Error {
  override name = 'JobError';
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

/**
 * A failure after which something was left undone, for a reason of its own, which is the `cause`. What else there is to
 * tell of it is what there is of `first`.
 */
export class LeftUndone extends Error {
  override name = 'LeftUndone';
  readonly first: unknown;

  constructor(first: unknown, undone: string, cause: unknown) {
    super(`${reasonOf(first)}; and ${undone}`, { cause });
    this.first = first;
  }
}

/** The message of an error with those of its causes: `fetch failed: connect ECONNREFUSED 127.0.0.1:1`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own}: ${reasonOf(error.cause)}`;
}
