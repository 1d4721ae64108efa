/** The plan cannot be made: the operator must change something first. Lists every problem. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/** Some changes failed. What was applied stays; running apply again goes on from there. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError';
}

/** Mistakes in our own code, of which the stack is wanted; everything else is an answer of AWS or of the machine. */
export const isBug = (error: unknown): boolean =>
  !(error instanceof Error) ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError;

/** Why something failed, with AWS's name for it where it has one; of a mistake of our own, the stack. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isBug(error)) return error.stack ?? error.message;
  // A refused connection has its reasons inside, one for each address that was tried, and no message of its own.
  const message = error instanceof AggregateError ? error.errors.map(reasonOf).join(', ') : error.message;
  return error.name === 'Error' || error instanceof AggregateError ? message : `${error.name}: ${message}`;
}
