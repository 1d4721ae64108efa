import type { ObjectSweep } from '../../process/object-sweep.ts';
import { hasSeenText } from '../batches/field-check.ts';
import { UnreadableRecord } from '../batches/record-object.ts';
import { textOf } from '../batches/reject-content.ts';
import type { Findings } from '../kernel/findings.ts';
import { type ChildValues, WaitingValues } from './child-values.ts';
import { isEmptyCdata, isSeen } from './element-flags.ts';
import type { LargeMemory } from './large-memory.ts';
import { OpenedElement } from './opened-element.ts';
import type { PartConverter } from './part-converter.ts';
import { Rope } from './rope.ts';
import type { Spool } from './spool.ts';
import { TagNames } from './tag-names.ts';

/**
 * Names of children of one element. One with more has more children than the kernel keeps, so that it is always opened: the
 * record is refused wherever chunks end.
 */
const mostNames = 4_096;

/** Two numbers of a rope, eight bytes each. */
const bytesOfStretch = 16;

/** Puts the JSON of a record together from the parts that the kernel gives, and those that xml2js reads in its place. */
export class RecordAssembly {
  readonly #spool: Spool;
  readonly #sweep: ObjectSweep;
  readonly #waiting: WaitingValues;
  readonly #converter: PartConverter;
  /** Those that are open, the record first. */
  readonly #opened: OpenedElement[] = [];
  readonly #tagNames = new TagNames();
  #record: OpenedElement | undefined;
  #json: Rope | undefined;

  constructor(spool: Spool, memory: LargeMemory, converter: PartConverter) {
    this.#spool = spool;
    this.#sweep = memory.sweep;
    this.#waiting = new WaitingValues(spool, memory);
    this.#converter = converter;
  }

  get record(): OpenedElement | undefined {
    return this.#record;
  }

  /** `undefined`: the record has not ended. */
  get json(): Rope | undefined {
    return this.#json;
  }

  /** Takes a part. */
  take(findings: Findings, index: number): void {
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
    // Also where xml2js has dropped all of its attributes.
    if (findings.isDeclined(index)) element.noteOther();
    this.#record ??= element;
    this.#opened.push(element);
  }

  #attributes(findings: Findings, index: number): Rope | undefined {
    const json = findings.isDeclined(index) ? this.#declinedAttributes(findings, index) : findings.json(index);
    if (json.length === 0) return undefined;
    const rope = new Rope();
    this.#spool.append(rope, json);
    return rope;
  }

  #declinedAttributes(findings: Findings, index: number): Uint8Array {
    const startTag = textOf(findings.source(index).subarray(0, findings.tagLength(index)));
    const attributes = this.#converter.attributes(startTag);
    return Buffer.from(attributes === undefined ? '' : JSON.stringify(attributes));
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
    this.#waiting.add(this.#values(element, name, isSeen(flags)), findings.bytes, start, end);
  }

  #addValue(element: OpenedElement, name: string, value: unknown): void {
    const values = this.#values(element, name, hasSeenText(value));
    this.#waiting.addText(values, JSON.stringify(value));
  }

  #close(element: OpenedElement): void {
    const json = element.end();
    // Of each there are copies in the elements around it.
    this.#sweep.passed(json.stretches * bytesOfStretch);
    this.#opened.pop();
    const parent = this.#opened.at(-1);
    if (parent === undefined) this.#json = json;
    else {
      parent.noteOther();
      if (this.#isLeftOut(element.flags)) return;
      this.#waiting.addRope(this.#values(parent, element.name, element.isSeen), json);
    }
  }

  /** Those of a name to which one more comes. */
  #values(element: OpenedElement, name: string, isSeen: boolean): ChildValues {
    const values = element.children(name) ?? element.withChild(name);
    if (element.names > mostNames)
      throw new UnreadableRecord(`an element of it has children of more than ${mostNames} names`);
    values.isSeen ||= isSeen;
    return values;
  }

  #isLeftOut(flags: number): boolean {
    return isEmptyCdata(flags) && this.#converter.leavesOutEmptyCdata;
  }
}
