import { deletionOf } from '../../messages/feed-changes.ts';
import { type Batch, BatchBuilder, type LargeLine, type Line } from '../batches/batch.ts';
import { BatchMemory } from '../batches/batch-memory.ts';
import { sizeInMemory } from '../batches/content.ts';
import type { Covered } from '../progress/progress.ts';
import type { Reject } from '../progress/rejects.ts';
import type { Delta } from './delta.ts';

/** A batch as it is sent. */
export interface Consignment extends Batch {
  readonly covers: Covered;
}

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
    const { content, lines, release } = batch;
    if (content.kind === 'file') {
      const line = lines.find(({ record }) => delta.wants(record));
      if (line === undefined) release();
      else yield* gathering.addLarge({ ...content, remove: release }, line);
      continue;
    }
    const found = [...lines, ...batch.unreadable].sort((a, b) => a.record - b.record);
    for (const each of found) if (delta.wants(each.record)) yield* gathering.add(each, content.bytes);
    gathering.copy();
    release();
  }
  yield* gathering.rest();
  for await (const id of delta.removed(start.deletions)) yield* gathering.addDeletion(id);
  yield* gathering.rest();
}

const isLine = (found: Line | Reject): found is Line => 'start' in found;

class Gathering {
  readonly #batchSize: number;
  readonly #memory = new BatchMemory();
  #batch = new BatchBuilder(this.#memory, 0);
  #number: number;
  /** Records of the feed up to the last one of the consignment before, and up to the last one that was added. */
  #before: number;
  #latest: number;
  #deletions = 0;

  constructor(batchSize: number, number: number, records: number) {
    this.#batchSize = batchSize;
    this.#number = number;
    this.#before = records;
    this.#latest = records;
  }

  /** Gives the consignment that has no room for it, if there is one. The bytes must stay as they are until `copy` is called. */
  *add(found: Line | Reject, bytes: Uint8Array): Generator<Consignment> {
    const size = isLine(found) ? found.end - found.start : 0;
    yield* this.#roomMade(size);
    this.#latest = found.record;
    if (isLine(found)) this.#batch.addLine(bytes, found.start, found.end, found.record, found.line);
    else this.#batch.addReject(found);
  }

  /** A record in a file; it goes alone. */
  *addLarge(large: LargeLine, { record, line }: Line): Generator<Consignment> {
    yield* this.rest();
    this.#latest = record;
    this.#batch.addLarge(large, record, line);
  }

  *addDeletion(id: string): Generator<Consignment> {
    const json = Buffer.from(`${deletionOf(id)}\n`);
    yield* this.#roomMade(json.length);
    this.#deletions++;
    this.#batch.addLine(json, 0, json.length - 1, 0, 0);
  }

  copy(): void {
    this.#batch.copy();
  }

  #roomMade(bytes: number): Iterable<Consignment> {
    return this.#batch.records < this.#batchSize && this.#batch.hasRoomFor(bytes) ? [] : this.rest();
  }

  /** What is left, as a consignment; none when nothing is. */
  *rest(): Generator<Consignment> {
    const count = this.#batch.records;
    if (count === 0) return;
    const records = this.#latest - this.#before;
    const batch = this.#batch.build(this.#number++);
    const covers = {
      records,
      unchanged: records - (count - this.#deletions),
      deletions: this.#deletions,
      withheld: batch.unreadable.length,
    };
    this.#before = this.#latest;
    this.#deletions = 0;
    this.#batch = new BatchBuilder(this.#memory, sizeInMemory(batch.content));
    yield { ...batch, covers };
  }
}
