import { JobError, reasonOf } from '../../process/job-error.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import type { LargeLine } from '../batches/batch.ts';
import { LongField } from '../batches/field-check.ts';
import { textOf } from '../batches/reject-content.ts';
import type { Findings } from '../kernel/findings.ts';
import { type ChildValues, WaitingValues } from './child-values.ts';
import { hasText, isEmptyCdata } from './element-flags.ts';
import type { LargeMemory } from './large-memory.ts';
import { OpenedElement } from './opened-element.ts';
import type { PartConverter } from './part-converter.ts';
import { Rope } from './rope.ts';
import { Spool } from './spool.ts';
import { TagNames } from './tag-names.ts';

/** Different names of children in all opened elements of a record: each makes a stretch of the file for 2 MiB of values. */
const mostNames = 4_096;
/** A value of more bytes is not decoded. What the kernel keeps whole has fewer: a rule is not applied in two ways. */
const mostDecoded = 6 * 1024 * 1024;

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
  readonly #waiting: WaitingValues;
  readonly #converter: PartConverter;
  readonly #leavesOutEmptyCdata: boolean;
  readonly #opened: OpenedElement[] = [];
  readonly #tagNames = new TagNames();
  #record: OpenedElement | undefined;
  #json: Rope | undefined;
  #fault: string | undefined;
  #names = 0;
  #isDeclined = false;

  constructor(
    folder: WorkFolder,
    memory: LargeMemory,
    converter: PartConverter,
    emptyCDATA: boolean,
    place: RecordPlace,
  ) {
    memory.beginning.set(place.beginning.subarray(0, memory.beginning.length));
    this.place = { ...place, beginning: memory.beginning.subarray(0, place.beginning.length) };
    this.#memory = memory;
    this.#folder = folder;
    this.#path = folder.newFile('large-record');
    this.#spool = new Spool(this.#path, memory.spool);
    this.#waiting = new WaitingValues(this.#spool, memory);
    this.#converter = converter;
    this.#leavesOutEmptyCdata = !emptyCDATA;
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
    return this.#json?.length ?? 0;
  }

  /** Takes a part: one of these findings. Throws FeedError for what is wrong with the whole feed. */
  add(findings: Findings, index: number): void {
    if (this.#fault !== undefined) return;
    try {
      this.#isDeclined ||= findings.isDeclined(index);
      this.#take(findings, index);
      if (this.#names > mostNames)
        this.#fault = `its elements of more than 1 MB have children of more than ${mostNames} names`;
    } catch (error) {
      if (error instanceof JobError) throw error;
      this.#fault = reasonOf(error);
    }
  }

  /** Its JSON, when it has ended, in pieces; each is good until the next one is asked for. */
  pieces(): Iterable<Uint8Array> {
    return this.#json === undefined ? [] : this.#spool.pieces(this.#json);
  }

  /** The first bytes of its JSON. */
  beginning(most: number): Uint8Array {
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
  toFile(folder: WorkFolder): LargeLine {
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

  /** What a field holds, an attribute as `@name`: as JSON.parse would give it, with an array around the values of a child. */
  field(name: string): unknown {
    const record = this.#record;
    if (name.startsWith('@'))
      return record?.attributes === undefined
        ? undefined
        : new Map(Object.entries(JSON.parse(textOf(record.attributes)))).get(name.slice(1));
    const values = record?.children(name);
    if (values === undefined) return undefined;
    this.#waiting.spool(values);
    const json = values.rope;
    if (json.length > mostDecoded) return new LongField(json.length, values.hasText);
    return JSON.parse(`[${textOf(this.#spool.read(json))}]`);
  }

  #take(findings: Findings, index: number): void {
    const kind = findings.kind(index);
    const element = this.#opened.at(-1);
    if (kind === 'opened') this.#open(findings, index);
    else if (element === undefined) throw new Error(`the kernel gave "${kind}" of a large record that is not open`);
    else if (kind === 'closed') this.#close(element);
    else if (kind !== 'text') this.#addChild(element, findings, index);
    else if (findings.isDeclined(index)) this.#addDeclinedText(element, findings, index);
    else element.addText(findings.bytes, findings.jsonStart(index), findings.jsonEnd(index), findings.flags(index));
  }

  #open(findings: Findings, index: number): void {
    const name = this.#tagNames.at(findings.bytes, findings.sourceStart(index));
    const element = new OpenedElement(this.#spool, this.#waiting, name, this.#attributes(findings, index));
    this.#record ??= element;
    this.#opened.push(element);
  }

  #attributes(findings: Findings, index: number): Uint8Array | undefined {
    if (findings.isDeclined(index))
      return Buffer.from(JSON.stringify(this.#converter.attributes(textOf(findings.source(index)))));
    const json = findings.json(index);
    return json.length === 0 ? undefined : Buffer.from(json);
  }

  #addDeclinedText(element: OpenedElement, findings: Findings, index: number): void {
    const { json, flags, children } = this.#converter.text(textOf(findings.source(index)), findings.isCdata(index));
    const bytes = Buffer.from(json);
    element.addText(bytes, 0, bytes.length, flags);
    for (const [name, values] of children) for (const value of values) this.#addValue(element, name, value);
  }

  #addChild(element: OpenedElement, findings: Findings, index: number): void {
    const name = this.#tagNames.at(findings.bytes, findings.sourceStart(index));
    element.noteOther();
    if (findings.isDeclined(index)) {
      const value = this.#converter.child(textOf(findings.source(index)));
      if (value !== undefined) this.#addValue(element, name, value);
      return;
    }
    const flags = findings.flags(index);
    if (this.#isLeftOut(flags)) return;
    const [start, end] = [findings.jsonStart(index), findings.jsonEnd(index)];
    this.#waiting.add(this.#values(element, name, hasText(flags)), findings.bytes, start, end);
  }

  #addValue(element: OpenedElement, name: string, value: unknown): void {
    const text = typeof value === 'string' ? value : textOfObject(value);
    const values = this.#values(element, name, text.trim() !== '');
    this.#waiting.addText(values, JSON.stringify(value));
  }

  #close(element: OpenedElement): void {
    const json = element.end();
    this.#opened.pop();
    const parent = this.#opened.at(-1);
    if (parent === undefined) this.#json = json;
    else {
      parent.noteOther();
      if (this.#isLeftOut(element.flags)) return;
      this.#waiting.addRope(this.#values(parent, element.name, hasText(element.flags)), json);
    }
  }

  /** Those of a name to which one more comes. */
  #values(element: OpenedElement, name: string, hasText: boolean): ChildValues {
    const present = element.children(name);
    if (present === undefined) this.#names++;
    const values = present ?? element.withChild(name);
    values.hasText ||= hasText;
    return values;
  }

  #isLeftOut(flags: number): boolean {
    return this.#leavesOutEmptyCdata && isEmptyCdata(flags);
  }
}

const textOfObject = (value: unknown): string =>
  typeof value === 'object' && value !== null && '_' in value && typeof value._ === 'string' ? value._ : '';
