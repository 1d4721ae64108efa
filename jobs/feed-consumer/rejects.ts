import { JobError } from '../process/job-error.ts';

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

/** A destination that refuses this much refuses the feed, and the file of rejects is held in memory. */
const mostRejects = 10_000;
const mostBytes = 64 * 1024 * 1024;

/** The file of rejects: one JSON object a line, in the order of the feed. */
export class Rejects {
  readonly #lines: string[];
  #bytes = 0;
  #latest = '';

  /** `text` is the file that an earlier attempt wrote; what it holds beyond `count` was not checkpointed any more. */
  constructor(text: string, count: number) {
    this.#lines = text.split('\n', count).filter((line) => line !== '');
    if (this.#lines.length < count) throw new Error(`the checkpoint counts ${count} rejects, their file has fewer`);
    for (const line of this.#lines) this.#bytes += line.length;
  }

  get count(): number {
    return this.#lines.length;
  }

  add(reject: Reject): void {
    const line = JSON.stringify(reject);
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#latest = reject.reason;
  }

  /** Throws RefusalError when there are more than one can call exceptions. */
  check(): void {
    if (this.#lines.length > mostRejects || this.#bytes > mostBytes)
      throw new RefusalError(
        `delivering the feed: over ${mostRejects} records or ${mostBytes} bytes of them are refused, the last one because: ${this.#latest}`,
      );
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
