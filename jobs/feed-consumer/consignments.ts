import { deletionOf } from '../messages/feed-changes.ts';
import type { Batch, Line } from './batch.ts';
import type { Delta } from './delta.ts';
import type { Covered } from './progress.ts';
import type { Reject } from './rejects.ts';

/** A batch as it is sent. */
export interface Consignment extends Batch {
  readonly covers: Covered;
}

/** A consignment is full at this many bytes of JSON, too, as a batch is. */
const fullAtBytes = 4 * 1024 * 1024;

/** Every record of the feed: the batches as they are. */
export async function* allRecords(batches: AsyncIterable<Batch>): AsyncGenerator<Consignment> {
  for await (const batch of batches)
    yield {
      ...batch,
      covers: {
        records: batch.lines.length + batch.unreadable.length,
        unchanged: 0,
        deletions: 0,
        withheld: batch.unreadable.length,
      },
    };
}

/**
 * The records that changed, gathered from batches of all of them, and then the deletions. As with batches, the numbers
 * and contents follow from feed, list and batch size alone, wherever an attempt begins. What removes is sent after the
 * last batch has come, and so after the feed was verified.
 */
export async function* changesOnly(
  batches: AsyncIterable<Batch>,
  delta: Delta,
  batchSize: number,
  start: Covered & { readonly batches: number },
): AsyncGenerator<Consignment> {
  const gathering = new Gathering(batchSize, start.batches, start.records);
  for await (const batch of batches) {
    const found = [...batch.lines, ...batch.unreadable].sort((a, b) => a.record - b.record);
    for (const each of found) {
      if (!delta.wants(each.record)) continue;
      yield* gathering.roomMade();
      gathering.add(each, batch.bytes);
    }
  }
  yield* gathering.rest();
  for await (const id of delta.removed(start.deletions)) {
    yield* gathering.roomMade();
    gathering.addDeletion(id);
  }
  yield* gathering.rest();
}

const isLine = (found: Line | Reject): found is Line => 'start' in found;

class Gathering {
  readonly #batchSize: number;
  #number: number;
  /** Records of the feed up to the last one of the consignment before, and up to the last one that was added. */
  #before: number;
  #latest: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #lines: Line[] = [];
  #unreadable: Reject[] = [];
  #deletions = 0;

  constructor(batchSize: number, number: number, records: number) {
    this.#batchSize = batchSize;
    this.#number = number;
    this.#before = records;
    this.#latest = records;
  }

  get #count(): number {
    return this.#lines.length + this.#unreadable.length;
  }

  add(found: Line | Reject, bytes: Uint8Array): void {
    this.#latest = found.record;
    if (isLine(found)) this.#addLine(bytes.subarray(found.start, found.end + 1), found);
    else this.#unreadable.push(found);
  }

  addDeletion(id: string): void {
    this.#deletions++;
    this.#addLine(Buffer.from(`${deletionOf(id)}\n`), { record: 0, line: 0 });
  }

  #addLine(json: Uint8Array, { record, line }: Pick<Line, 'record' | 'line'>): void {
    const start = this.#bytes;
    this.#bytes += json.length;
    this.#pieces.push(json);
    this.#lines.push({ start, end: this.#bytes - 1, record, line });
  }

  /** Gives what is there where it is full. */
  roomMade(): readonly Consignment[] {
    return this.#count >= this.#batchSize || this.#bytes >= fullAtBytes ? this.rest() : [];
  }

  /** What is left, as a consignment; none when nothing is. */
  rest(): readonly Consignment[] {
    const count = this.#count;
    if (count === 0) return [];
    const records = this.#latest - this.#before;
    const consignment: Consignment = {
      number: this.#number++,
      bytes: Buffer.concat(this.#pieces),
      lines: this.#lines,
      unreadable: this.#unreadable,
      covers: {
        records,
        unchanged: records - (count - this.#deletions),
        deletions: this.#deletions,
        withheld: this.#unreadable.length,
      },
    };
    this.#before = this.#latest;
    this.#pieces = [];
    this.#bytes = 0;
    this.#lines = [];
    this.#unreadable = [];
    this.#deletions = 0;
    return [consignment];
  }
}
