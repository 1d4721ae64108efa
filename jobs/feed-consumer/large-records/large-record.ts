import type { WorkFolder } from '../../process/work-folder.ts';
import type { LargeLine } from '../batches/batch.ts';
import { UndecodedField } from '../batches/field-check.ts';
import { UnreadableRecord } from '../batches/record-object.ts';
import { textOf } from '../batches/reject-content.ts';
import type { Findings } from '../kernel/findings.ts';
import type { LargeMemory } from './large-memory.ts';
import type { PartConverter } from './part-converter.ts';
import { RecordAssembly } from './record-assembly.ts';
import { Rope } from './rope.ts';
import { Spool } from './spool.ts';

/** A value of more bytes is not decoded. What the kernel keeps whole has fewer: a rule is not applied in two ways. */
const mostDecoded = 4 * 1024 * 1024;
/** The same of values: the kernel keeps fewer elements. */
const mostValues = 4_096;

const newline = Buffer.from('\n');

/** Where a record lies in its document. */
export interface RecordPlace {
  readonly line: number;
  /** Bytes of the text in UTF-8 before it. */
  readonly offset: number;
  /** What it begins with. */
  readonly beginning: Uint8Array;
}

/** The JSON of one large record, made in a file from the parts that the kernel gives. The file goes with it. */
export class LargeRecord implements Disposable {
  /** What it begins with is there until the next one begins. */
  readonly place: RecordPlace;
  readonly #memory: LargeMemory;
  readonly #folder: WorkFolder;
  readonly #path: string;
  readonly #spool: Spool;
  readonly #assembly: RecordAssembly;
  #fault: string | undefined;
  #isDeclined = false;

  constructor(folder: WorkFolder, memory: LargeMemory, converter: PartConverter, place: RecordPlace) {
    memory.beginning.set(place.beginning.subarray(0, memory.beginning.length));
    this.place = { ...place, beginning: memory.beginning.subarray(0, place.beginning.length) };
    this.#memory = memory;
    this.#folder = folder;
    this.#path = folder.newFile('large-record');
    this.#spool = new Spool(this.#path, memory.spool);
    this.#assembly = new RecordAssembly(this.#spool, memory, converter);
  }

  /** Why it cannot be an object; `undefined`: it can so far. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Whether xml2js has read some of it. */
  get isDeclined(): boolean {
    return this.#isDeclined;
  }

  /** Bytes of its JSON, when it has ended. */
  get length(): number {
    return this.#assembly.json?.length ?? 0;
  }

  /** Takes a part: one of these findings. Throws FeedError for what is wrong with the whole feed. */
  add(findings: Findings, index: number): void {
    if (this.#fault !== undefined) return;
    try {
      this.#isDeclined ||= findings.isDeclined(index);
      this.#assembly.take(findings, index);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#fault = error.message;
    }
  }

  /** Its JSON, when it has ended, in pieces; each is good until the next one is asked for. */
  pieces(): Iterable<Uint8Array> {
    const { json } = this.#assembly;
    return json === undefined ? [] : this.#spool.pieces(json);
  }

  /** The first bytes of its JSON. */
  firstBytes(most: number): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(Math.min(this.length, most));
    let at = 0;
    for (const piece of this.pieces()) {
      bytes.set(piece.subarray(0, bytes.length - at), at);
      at += piece.length;
      if (at >= bytes.length) break;
    }
    return bytes;
  }

  /** Its JSON with a newline behind it, in a file of its own. */
  toFile(): LargeLine {
    const folder = this.#folder;
    const path = folder.newFile('record.ndjson');
    const file = new Spool(path, this.#memory.whole);
    const json = new Rope();
    for (const piece of this.pieces()) file.append(json, piece);
    file.append(json, newline);
    file.close();
    return { path, length: json.length, remove: () => folder.remove(path) };
  }

  [Symbol.dispose](): void {
    this.#spool.close();
    this.#folder.remove(this.#path);
    this.#memory.sweep.look();
  }

  /**
   * What a field holds, an attribute as `@name`: as JSON.parse would give it, with an array around the values of a child.
   * What is long, or need only be seen, is not decoded.
   */
  field(name: string, needsText: boolean): unknown {
    if (name.startsWith('@')) {
      const attributes = this.#assembly.record?.attributes;
      if (attributes === undefined) return undefined;
      return new Map(Object.entries(JSON.parse(textOf(this.#spool.read(attributes))))).get(name.slice(1));
    }
    const values = this.#assembly.record?.children(name);
    if (values === undefined) return undefined;
    const { rope, count, isSeen } = values;
    if (rope.length > mostDecoded || count > mostValues || !needsText) return new UndecodedField(rope.length, isSeen);
    return JSON.parse(`[${textOf(this.#spool.read(rope))}]`);
  }
}
