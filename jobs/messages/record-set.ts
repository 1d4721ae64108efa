/** Records of a feed in a row, by their places from 1 on; both ends belong to it. */
export type RecordRun = readonly [from: number, to: number];

const firstBytes = 1024;

/** A set of records by their places in the feed, from 1 on: a bit each, so that ten million take little more than 1 MB. */
export class RecordSet {
  #bits = new Uint8Array(firstBytes);

  add(record: number): void {
    const at = record >>> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (record & 7));
  }

  has(record: number): boolean {
    return ((this.#bits[record >>> 3] ?? 0) & (1 << (record & 7))) !== 0;
  }

  /** Its members in ascending order, those in a row together. */
  *runs(): Generator<RecordRun> {
    const end = this.#bits.length * 8;
    let from: number | undefined;
    for (let record = 1; record <= end; record++) {
      if (this.has(record)) from ??= record;
      else if (from !== undefined) {
        yield [from, record - 1];
        from = undefined;
      }
    }
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
