import { JobError } from '../process/job-error.ts';
import { faultReasons } from './fault-reasons.ts';
import type { Position } from './feed-error.ts';
import * as faults from './kernel/assembly/faults.ts';
import {
  input,
  longestName,
  longestTag,
  mostRecordBounds,
  recordBounds,
  recordName,
} from './kernel/assembly/layout.ts';
import { type KernelHost, KernelInstance } from './kernel/kernel-instance.ts';
import { forbiddenCharacter, namePattern } from './prolog/cursor.ts';
import type { EntityReference } from './prolog/entity-table.ts';

/** A reference in the document: its offset, and how many bounds of records lie before it. */
export interface LocatedReference extends EntityReference {
  readonly offset: number;
  readonly boundsBefore: number;
}

/** Says why a reference to an entity may not stand in its place; undefined when it may. It may be asked twice about one. */
export type EntityJudge = (reference: LocatedReference) => string | undefined;

/** A fault in the content, and its place in the document. */
export class ContentFault extends Error {
  override name = 'ContentFault';
  readonly position: Position;

  constructor(reason: string, position: Position) {
    super(reason);
    this.position = position;
  }
}

/** As much is given to the kernel at once as stays in the processor's nearer caches. */
const pieceBytes = 64 * 1024;

/** What is left unread is not tried again for every byte that follows: only when so much more is there. */
const worthAnotherTry = 4 * 1024;

/** Feeds the kernel that checks the content of one document, from the root's tag on, in UTF-8. */
export class ContentKernel {
  readonly #kernel: KernelInstance;
  readonly #recordName: { readonly length: number; readonly hasColon: boolean };
  /** Bytes that lie at the beginning of the input and are not checked yet. */
  #left = 0;
  /** How many of them there must be before they are tried again. */
  #wanted = 0;
  /** Offset in the document of the first byte of the input. */
  #offset = 0;
  #boundsFound = 0;
  /** Why the latest reference may not stand where it does. */
  #refusal: string | undefined;

  constructor(record: string, judge: EntityJudge) {
    const allowsEntity: KernelHost['allowsEntity'] = (name, length, inValue) => {
      this.#refusal = judge({
        name: this.#textAt(name, length),
        place: inValue === 0 ? 'content' : 'value',
        offset: this.#offset + name - input,
        boundsBefore: this.#boundsFound + this.#kernel.call('boundCount'),
      });
      return this.#refusal === undefined;
    };
    this.#kernel = new KernelInstance({ allowsEntity });
    const name = Buffer.from(record);
    if (name.length > longestName) throw new JobError(`no element can have a name of ${name.length} bytes: ${record}`);
    this.#kernel.memory.set(name, recordName);
    this.#recordName = { length: name.length, hasColon: record.includes(':') };
    this.startAt({ line: 1, column: 1, offset: 0 });
  }

  /** Begins a document, whose root begins at a place in it. */
  startAt({ line, column, offset }: Required<Position>): void {
    this.#kernel.call('begin', this.#recordName.length, Number(this.#recordName.hasColon));
    this.#kernel.call('startAt', line, column);
    this.#left = 0;
    this.#wanted = 0;
    this.#offset = offset;
    this.#boundsFound = 0;
  }

  /** Bounds of records that have been found. */
  get boundsFound(): number {
    return this.#boundsFound;
  }

  /** Offset in the document up to which it is checked. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next bytes. Adds the offsets where records begin and end, by turns, to `bounds`. Throws ContentFault. */
  write(bytes: Uint8Array, bounds: number[]): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      this.#kernel.memory.set(piece, input + this.#left);
      this.#left += piece.length;
      if (this.#left >= this.#wanted) this.#check(bounds);
    }
  }

  /** Checks also what was not worth another try yet, and gives the place behind all bytes so far. Throws ContentFault. */
  flush(bounds: number[]): Required<Position> {
    this.#check(bounds);
    this.#kernel.call('pass', input, input + this.#left);
    return this.#position(this.#left);
  }

  /** Throws ContentFault when the document does not end here. */
  end(bounds: number[]): void {
    const position = this.flush(bounds);
    const reason = this.#openEnd();
    if (reason !== undefined) throw new ContentFault(reason, position);
  }

  #openEnd(): string | undefined {
    if (this.#kernel.call('openDepth') > 0) return `it ends before </${this.#innermostName()}>`;
    if (this.#kernel.call('openPlace') !== 0) return 'it ends within a comment or an instruction';
    return this.#left > 0 ? 'it ends within a tag' : undefined;
  }

  #check(bounds: number[]): void {
    const end = input + this.#left;
    let from = input;
    let isFull = true;
    while (isFull) {
      const to = this.#kernel.call('check', from, end);
      this.#addBounds(bounds);
      if (this.#kernel.call('fault') !== faults.none) throw this.#fault(from);
      this.#kernel.call('pass', from, to);
      from = to;
      isFull = to < end && this.#kernel.call('boundCount') + 2 > mostRecordBounds;
    }
    this.#forget(from - input);
  }

  /** Moves what is left to the beginning of the input. */
  #forget(checked: number): void {
    this.#kernel.memory.copyWithin(input, input + checked, input + this.#left);
    this.#left -= checked;
    this.#offset += checked;
    this.#wanted = this.#left < worthAnotherTry ? 0 : Math.min(2 * this.#left, longestTag);
  }

  #addBounds(bounds: number[]): void {
    const addresses = new Uint32Array(this.#kernel.memory.buffer, recordBounds, this.#kernel.call('boundCount'));
    this.#boundsFound += addresses.length;
    for (const address of addresses) bounds.push(this.#offset + address - input);
  }

  #fault(from: number): ContentFault {
    const at = this.#kernel.call('faultAt');
    const reason = this.#reason(this.#kernel.call('fault'), at);
    this.#kernel.call('pass', from, at);
    return new ContentFault(reason, this.#position(at - input));
  }

  #reason(fault: number, at: number): string {
    const known = fault === faults.refusedEntity ? this.#refusal : faultReasons.get(fault);
    if (known !== undefined) return known;
    const text = this.#textAt(at, Math.min(input + this.#left - at, longestShown));
    if (fault === faults.wrongEndTag) return `${endTagIn(text)} where </${this.#innermostName()}> is expected`;
    return forbiddenCharacter(text.codePointAt(0) ?? 0);
  }

  #position(passed: number): Required<Position> {
    return { line: this.#kernel.call('lineOf'), column: this.#kernel.call('columnOf'), offset: this.#offset + passed };
  }

  #innermostName(): string {
    return this.#textAt(this.#kernel.call('innermostName'), this.#kernel.call('innermostNameLength'));
  }

  #textAt(address: number, length: number): string {
    return this.#kernel.memory.toString('utf8', address, address + length);
  }
}

/** Bytes of a document that an error may quote. */
const longestShown = 200;

/** What lies behind the name may not be there yet. */
const endTag = new RegExp(`^</${namePattern}`, 'u');
const endTagIn = (text: string): string => endTag.exec(text)?.[0].concat('>') ?? 'an end tag';
