import type { FieldRules } from '../../messages/field-rules.ts';
import { FeedError, type Position } from '../../xml/feed-error.ts';
import { declareFields, nameBytes } from './declared-fields.ts';
import { Findings } from './findings.ts';
import { KernelInstance } from './kernel-instance.ts';

/** What is a record, and how it is read. */
export interface KernelOptions {
  /** The local name of the elements that are records, or the full name where it has a colon. */
  readonly tag: string;
  readonly emptyCDATA: boolean;
  /** Children of the record, and attributes as `@name`, whose places in its JSON are wanted, with what they must be. */
  readonly fields: FieldRules;
  /** Bytes of a record above which it is given in parts, where it is not whole by then: 1 MiB, but for tests. */
  readonly largest?: number;
}

const largestKept = 1024 * 1024;

/** How a run ends, and why: walk.ts and steps.ts of the kernel. */
const isFull = 1;
const failed = 2;
const reasons = [
  'it cannot be read',
  'a "<" begins no markup',
  'an end tag belongs to no element that is open',
  'a tag, a name or the DOCTYPE is too long',
  'it is cut off',
  'it has no element',
  'it has a second root element',
] as const;
const lineFeed = 0x0a;
/** What there is room for: names.ts of the kernel. */
const longestTag = 1_024;

/** The kernel takes so much at once; smaller memory stays in the processor's caches. */
const mostAtOnce = 256 * 1024;

/**
 * Reads a document in UTF-8 and finds its records; assembly/ does the work, README.md tells how. It relies on the document
 * being well-formed, and notices where it is not as far as it must to cut records right.
 */
export class RecordKernel {
  /** How many are declared. */
  readonly #fields: number;
  readonly #instance: KernelInstance;

  constructor(options: KernelOptions) {
    this.#fields = Object.keys(options.fields).length;
    this.#instance = newInstance(options);
  }

  /**
   * Takes the next bytes and gives what ends in them. Findings are good until the next ones are asked for. Throws
   * FeedError where the document cannot be read on.
   */
  *read(bytes: Uint8Array): Generator<Findings> {
    for (let at = 0; at < bytes.length; at += mostAtOnce) yield* this.#readPiece(bytes.subarray(at, at + mostAtOnce));
  }

  /** Throws FeedError when the document has not come to its end. */
  end(): void {
    if (this.#instance.call('end') === failed) throw this.#failure();
  }

  *#readPiece(piece: Uint8Array): Generator<Findings> {
    const instance = this.#instance;
    const to = instance.call('room', piece.length);
    instance.bytes.set(piece, to);
    let outcome = instance.call('run', piece.length);
    for (; ; outcome = instance.call('run', 0)) {
      if (instance.value('resultCount') > 0) yield new Findings(instance, this.#fields);
      if (outcome !== isFull) break;
    }
    if (outcome === failed) throw this.#failure();
  }

  /** Where the bytes end that were read so far. */
  get position(): Position {
    return this.#positionOf(this.#instance.value('limit'));
  }

  #failure(): FeedError {
    const reason = reasons[this.#instance.value('failure')] ?? reasons[0];
    return new FeedError(`it is not well-formed XML, ${reason}`, this.#positionOf(this.#instance.value('failureAt')));
  }

  /** Nothing can be read any more once this was asked: the lines are counted to here. */
  #positionOf(address: number): Position {
    const { bytes } = this.#instance;
    const first = bytes.lastIndexOf(lineFeed, address - 1) + 1;
    const from = Math.max(first, this.#instance.value('input'));
    const column = Buffer.from(bytes.buffer, from, Math.max(0, address - from)).toString().length + 1;
    const offset = this.#instance.call('sourceOffset', address);
    return { line: this.#instance.call('sourceLine', address), column, offset };
  }
}

function newInstance({ tag, emptyCDATA, fields, largest = largestKept }: KernelOptions): KernelInstance {
  const instance = new KernelInstance();
  instance.call('begin', emptyCDATA ? 0 : 1, largest);
  const name = nameBytes(tag, longestTag);
  instance.bytes.set(name, instance.call('tagAddress'));
  instance.call('declareTag', name.length);
  declareFields(instance, fields);
  return instance;
}
