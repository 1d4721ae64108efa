import { longestField, mostFields } from '../../messages/field-rules.ts';
import { JobError } from '../../process/job-error.ts';
import { FeedError, type Position } from '../../xml/feed-error.ts';
import { Findings } from './findings.ts';
import { KernelInstance } from './kernel-module.ts';

/** What is a record, and how it is read. */
export interface KernelOptions {
  /** The local name of the elements that are records, or the full name where it has a colon. */
  readonly tag: string;
  readonly emptyCDATA: boolean;
  /** Children of the record, and attributes as `@name`, whose places in its JSON are wanted. */
  readonly fields: readonly string[];
}

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
/** What there is room for: limits.ts, names.ts and fields.ts of the kernel. The rules of fields say it of those. */
const longestTag = 1_024;

/** The kernel takes so much at once; smaller memory stays in the processor's caches. */
const mostAtOnce = 256 * 1024;

/**
 * Reads a document in UTF-8 and finds its records; assembly/ does the work, README.md tells how. It relies on the document
 * being well-formed, and notices where it is not as far as it must to cut records right.
 */
export class RecordKernel {
  readonly #options: KernelOptions;
  readonly #instance: KernelInstance;

  constructor(options: KernelOptions) {
    this.#options = options;
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
      if (instance.value('resultCount') > 0) yield new Findings(instance, this.#options.fields.length);
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

function newInstance({ tag, emptyCDATA, fields }: KernelOptions): KernelInstance {
  const instance = new KernelInstance();
  instance.call('begin', emptyCDATA ? 0 : 1);
  const name = nameBytes(tag, longestTag);
  instance.bytes.set(name, instance.call('tagAddress'));
  instance.call('declareTag', name.length);
  if (fields.length > mostFields)
    throw new JobError(`rules are given for ${fields.length} fields, at most ${mostFields} may be`);
  for (const [index, field] of fields.entries()) {
    const isAttribute = field.startsWith('@');
    const bytes = nameBytes(isAttribute ? field.slice(1) : field, longestField);
    instance.bytes.set(bytes, instance.call('fieldNameAddress', index));
    instance.call('declareField', bytes.length, isAttribute ? 1 : 0);
  }
  return instance;
}

function nameBytes(name: string, longest: number): Uint8Array {
  const bytes = Buffer.from(name);
  if (bytes.length <= longest) return bytes;
  throw new JobError(
    `the name "${name.slice(0, 40)}…" of an element has ${bytes.length} bytes, at most ${longest} may be`,
  );
}
