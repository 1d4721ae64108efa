import { Rope } from './rope.ts';
import type { Spool } from './spool.ts';

const comma = 0x2c;
const leastPending = 64;
/** More memory than this is not kept for values to come. */
const mostReserved = 4 * 1024;
const longCopy = 64;
const none = new Uint8Array(0);

/**
 * The values of the children of one name, as the inside of a JSON array. They gather in memory until there are enough of
 * them, with those of other names, to be worth a stretch of the file.
 */
export class ChildValues {
  readonly #rope = new Rope();
  #pending = none;
  #used = 0;
  #count = 0;
  #hasText = false;

  get count(): number {
    return this.#count;
  }

  /** Whether one of them has text of its own. */
  get hasText(): boolean {
    return this.#hasText;
  }

  /** The JSON of a value. Gives the bytes that it takes in memory. */
  add(source: Uint8Array, start: number, end: number, hasText: boolean): number {
    const before = this.#used;
    this.#begin(hasText);
    this.#makeRoom(end - start);
    // A view for each of millions of short values would have to be collected.
    if (end - start > longCopy) this.#pending.set(source.subarray(start, end), this.#used);
    else for (let at = start; at < end; at++) this.#pending[this.#used + at - start] = source[at] ?? 0;
    this.#used += end - start;
    return this.#used - before;
  }

  /** A value that lies in the file. */
  addRope(json: Rope, hasText: boolean, spool: Spool): void {
    this.#begin(hasText);
    this.spoolTo(spool);
    this.#rope.add(json);
  }

  /** What is in memory goes into the file. */
  spoolTo(spool: Spool): void {
    if (this.#used > 0) this.#rope.add(spool.append(this.#pending.subarray(0, this.#used)));
    this.#used = 0;
    if (this.#pending.length > mostReserved) this.#pending = none;
  }

  /** All of them, when the last is there. */
  end(spool: Spool): Rope {
    this.spoolTo(spool);
    return this.#rope;
  }

  #begin(hasText: boolean): void {
    this.#hasText ||= hasText;
    if (this.#count++ === 0) return;
    this.#makeRoom(1);
    this.#pending[this.#used++] = comma;
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes <= this.#pending.length) return;
    const small = this.#pending;
    this.#pending = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(this.#used + bytes, leastPending))));
    this.#pending.set(small.subarray(0, this.#used));
  }
}
