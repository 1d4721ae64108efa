/** Bytes that lie in stretches of a file, in the order in which they belong together. */
export class Rope {
  /** A number each rather than an object each: there may be hundreds of thousands. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get stretches(): number {
    return this.#starts.length;
  }

  /** Adds the bytes from `start` up to `end`. What lies directly behind the last stretch makes it longer. */
  add(start: number, end: number): void {
    const last = this.#ends.length - 1;
    if (this.#ends[last] === start) this.#ends[last] = end;
    else {
      this.#starts.push(start);
      this.#ends.push(end);
    }
    this.#length += end - start;
  }

  addRope(other: Rope): void {
    for (let index = 0; index < other.stretches; index++) this.add(other.start(index), other.end(index));
  }

  start(stretch: number): number {
    return this.#starts[stretch] ?? 0;
  }

  end(stretch: number): number {
    return this.#ends[stretch] ?? 0;
  }
}
