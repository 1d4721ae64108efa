/** A record that was not delivered, and why. */
export interface Reject {
  /** Its place among the records of what is read, from 1 on; 0 for a deletion. */
  readonly record: number;
  /** The rest of its line, as JSON in UTF-8 outside V8's heap: the line of the document where it begins, the reason, the content. */
  readonly told: Uint8Array;
}

export interface RejectPlace {
  readonly record: number;
  /** The line of the document where the record begins, of its part's document where the feed is stored in parts. */
  readonly line: number;
}

/** `content`: JSON of the object that was refused, or of the XML that could not become one. */
export function rejectOf({ record, line }: RejectPlace, reason: string, content: Uint8Array): Reject {
  const before = Buffer.from(`"line":${line},"reason":${JSON.stringify(reason)},"content":`);
  return { record, told: Buffer.concat([before, content, closing]) };
}

const closing = Buffer.from('}\n');

/** Bytes of memory that a reject takes beside what is told of it. */
const ownWeight = 256;

const weightOf = ({ told }: Reject): number => told.length + ownWeight;

/** Bytes of memory that rejects take. */
export const weightOfRejects = (rejects: readonly Reject[]): number =>
  rejects.reduce((sum, reject) => sum + weightOf(reject), 0);

/** So much is kept in memory before it is stored, and an object is full with it. */
const worthStoring = 1024 * 1024;

/** The rejects of a delivery: one JSON object a line, in the order of the feed. Those that are stored are only counted. */
export class Rejects {
  /** Records of the feed before those that are read: rejects tell the place in all of it. */
  readonly #recordsBefore: number;
  #pending: Reject[] = [];
  #weight = 0;
  #count: number;

  /** `count`: those that are stored already. */
  constructor(count: number, recordsBefore: number) {
    this.#count = count;
    this.#recordsBefore = recordsBefore;
  }

  get count(): number {
    return this.#count;
  }

  /** Those that are not stored. */
  get pending(): number {
    return this.#pending.length;
  }

  /** Bytes of memory that these take. */
  get weight(): number {
    return this.#weight;
  }

  /** Whether these are worth an object. */
  get areMany(): boolean {
    return this.#weight >= worthStoring;
  }

  add(reject: Reject): void {
    this.#pending.push(reject);
    this.#weight += weightOf(reject);
    this.#count++;
  }

  /** The lines of those that are to be stored next, `most` of them at most, in one object. */
  next(most: number): { readonly count: number; readonly lines: Uint8Array } {
    const lines: Uint8Array[] = [];
    let count = 0;
    for (let bytes = 0; count < most && bytes < worthStoring; count++) {
      const reject = this.#pending[count];
      if (reject === undefined) break;
      lines.push(this.#beginning(reject), reject.told);
      bytes += reject.told.length;
    }
    return { count, lines: Buffer.concat(lines) };
  }

  /** So many of them are stored now, and in no danger of being counted without being there. */
  forget(count: number): void {
    this.#pending = this.#pending.slice(count);
    this.#weight = weightOfRejects(this.#pending);
  }

  #beginning({ record }: Reject): Uint8Array {
    return Buffer.from(`{"record":${record === 0 ? 0 : record + this.#recordsBefore},`);
  }
}
