import { JobError } from '../../process/job-error.ts';

/** A record that was not delivered, and why. */
export interface Reject {
  /** Its place among the records of the feed, from 1 on; 0 for a deletion. */
  readonly record: number;
  /** The line of the document where it begins, of its part's document where the feed is stored in parts. */
  readonly line: number;
  readonly reason: string;
  /** The object that was refused, or the XML that could not become one. */
  readonly content: unknown;
}

/**
 * The destination refuses the feed as such, not some records of it. Nothing counts as done then: once the destination is
 * mended, the next attempt is to try every record again.
 */
export class RefusalError extends JobError {
  override name = 'RefusalError';
}

/** A destination that refuses this much in one attempt refuses the feed. */
const mostRejects = 10_000;
const mostBytes = 64 * 1024 * 1024;

/** So much is kept in memory before it is stored. */
const worthStoring = 1024 * 1024;

/** The rejects of a delivery: one JSON object a line, in the order of the feed. Those that are stored are only counted. */
export class Rejects {
  #pending: string[] = [];
  #pendingBytes = 0;
  #count: number;
  #bytes = 0;
  #latest = '';

  /** `count`: those that are stored already. */
  constructor(count: number) {
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether those that are not stored are many. */
  get areMany(): boolean {
    return this.#pendingBytes >= worthStoring;
  }

  add(reject: Reject): void {
    const line = `${JSON.stringify(reject)}\n`;
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    this.#count++;
    this.#bytes += line.length;
    this.#latest = reject.reason;
  }

  /** Throws RefusalError when there are more than one can call exceptions. */
  check(): void {
    if (this.#count > mostRejects || this.#bytes > mostBytes)
      throw new RefusalError(
        `delivering the feed: over ${mostRejects} records or ${mostBytes} bytes of them are refused, the last one because: ${this.#latest}`,
      );
  }

  /** The lines that are not stored. */
  get pending(): readonly string[] {
    return this.#pending;
  }

  /** So many of them are stored now, and in no danger of being counted without being there. */
  forget(lines: number): void {
    this.#pending = this.#pending.slice(lines);
    this.#pendingBytes = this.#pending.reduce((sum, line) => sum + line.length, 0);
  }
}
