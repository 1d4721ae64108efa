import type { ObjectSweep } from '../../process/object-sweep.ts';
import { copyBytes } from './copy-bytes.ts';
import type { LargeMemory } from './large-memory.ts';
import { Rope } from './rope.ts';
import type { Spool } from './spool.ts';

const comma = 0x2c;
const none = -1;

/** The values of the children of one name, as the inside of a JSON array. */
export class ChildValues {
  readonly rope = new Rope();
  count = 0;
  /** One of them has text of its own that can be seen. */
  isSeen = false;
  /** Those that wait in memory. */
  firstRun = none;
  lastRun = none;
}

/**
 * The memory in which values of children wait for others of their name, so that what lies between them makes no stretch of
 * the file for each. A run is values of one name that came one behind the other; the runs of a name are chained.
 */
export class WaitingValues {
  readonly #spool: Spool;
  readonly #sweep: ObjectSweep;
  readonly #bytes: Buffer;
  #used = 0;
  readonly #ends: Int32Array;
  readonly #nexts: Int32Array;
  #runs = 0;
  readonly #waiting = new Set<ChildValues>();
  #latest: ChildValues | undefined;

  constructor(spool: Spool, { values, runEnds, nextRuns, sweep }: LargeMemory) {
    this.#spool = spool;
    this.#bytes = values;
    this.#ends = runEnds;
    this.#nexts = nextRuns;
    this.#sweep = sweep;
  }

  /** The JSON of the next value. */
  add(values: ChildValues, source: Uint8Array, start: number, end: number): void {
    if (this.#beginValue(values, end - start)) {
      copyBytes(this.#bytes, this.#used, source, start, end);
      this.#endValue(end - start);
    } else this.#addInFile(values, source.subarray(start, end));
  }

  /** The same of JSON that is a text; it needs no bytes of its own on the way. */
  addText(values: ChildValues, json: string): void {
    if (this.#beginValue(values, Buffer.byteLength(json))) this.#endValue(this.#bytes.write(json, this.#used));
    else this.#addInFile(values, Buffer.from(json));
  }

  /** The next value lies in the file. */
  addRope(values: ChildValues, json: Rope): void {
    this.spool(values);
    if (values.count++ > 0) this.#spool.append(values.rope, Buffer.of(comma));
    values.rope.addRope(json);
  }

  /** What waits of these values goes into the file. */
  spool(values: ChildValues): void {
    for (let run = values.firstRun; run !== none; run = this.#nexts[run] ?? none) {
      const start = run === 0 ? 0 : (this.#ends[run - 1] ?? 0);
      this.#spool.append(values.rope, this.#bytes, start, this.#ends[run]);
    }
    values.firstRun = none;
    this.#waiting.delete(values);
    if (this.#latest === values) this.#latest = undefined;
  }

  #spoolAll(): void {
    for (const values of this.#waiting) this.spool(values);
    this.#sweep.passed(this.#used);
    this.#used = 0;
    this.#runs = 0;
  }

  /** Whether so many bytes of another value have room. */
  #beginValue(values: ChildValues, bytes: number): boolean {
    if (this.#used + bytes + 1 > this.#bytes.length || this.#runs === this.#ends.length) this.#spoolAll();
    if (bytes + 1 > this.#bytes.length) return false;
    if (values !== this.#latest) this.#beginRun(values);
    if (values.count++ > 0) this.#bytes[this.#used++] = comma;
    return true;
  }

  #endValue(bytes: number): void {
    this.#used += bytes;
    this.#ends[this.#runs - 1] = this.#used;
  }

  #beginRun(values: ChildValues): void {
    const run = this.#runs++;
    if (values.firstRun === none) {
      values.firstRun = run;
      this.#waiting.add(values);
    } else this.#nexts[values.lastRun] = run;
    this.#nexts[run] = none;
    this.#ends[run] = this.#used;
    values.lastRun = run;
    this.#latest = values;
  }

  #addInFile(values: ChildValues, json: Uint8Array): void {
    const rope = new Rope();
    this.#spool.append(rope, json);
    this.addRope(values, rope);
  }
}
