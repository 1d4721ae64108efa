import { JobError } from '../process/job-error.ts';

/**
 * Lines and columns count from 1, columns in UTF-16 code units, as editors do. The offset counts bytes from 0: those of
 * the feed where its encoding is at fault, else those of its text in UTF-8.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset?: number;
}

/** A feed that is not what it must be: cut off, not XML, in no known encoding, too large in one piece. */
export class FeedError extends JobError {
  override name = 'FeedError';

  constructor(reason: string, position?: Position, options?: ErrorOptions) {
    const place = position === undefined ? '' : ` at line ${position.line}, column ${position.column}`;
    super(`the feed is refused: ${reason}${place}`, { ...position }, options);
  }
}
