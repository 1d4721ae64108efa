/** Bytes of a file, from `start` up to `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Bytes that lie in stretches of a file, in the order in which they belong together. */
export class Rope {
  readonly #parts: (Stretch | Rope)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What lies directly behind the last stretch makes it longer. */
  add(part: Stretch | Rope): void {
    const last = this.#parts.at(-1);
    if (part instanceof Rope || last === undefined || last instanceof Rope || last.end !== part.start)
      this.#parts.push(part);
    else this.#parts[this.#parts.length - 1] = { start: last.start, end: part.end };
    this.#length += part instanceof Rope ? part.length : part.end - part.start;
  }

  *stretches(): Generator<Stretch> {
    for (const part of this.#parts)
      if (part instanceof Rope) yield* part.stretches();
      else yield part;
  }
}
