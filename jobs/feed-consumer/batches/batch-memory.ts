const least = 16 * 1024;
/** No batch is asked for more. */
export const largestMemory = 8 * 1024 * 1024;
/** So much is kept for batches to come. */
const mostKept = 10 * 1024 * 1024;

/**
 * The memory that batches lie in, used again when they are delivered. It is outside V8's heap, and V8 looks for what
 * nobody needs of that only when tens of megabytes have come together: with memory of its own for each batch, the
 * slower a destination, the more of it would stay behind.
 */
export class BatchMemory {
  /** The smallest first. */
  readonly #free: Uint8Array[] = [];
  #kept = 0;

  take(bytes: number): Uint8Array {
    const at = this.#free.findIndex(({ length }) => length >= bytes);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    if (found === undefined) return Buffer.allocUnsafeSlow(powerOfTwo(bytes));
    this.#kept -= found.length;
    return found;
  }

  giveBack(memory: Uint8Array): void {
    this.#kept += memory.length;
    const at = this.#free.findIndex(({ length }) => length >= memory.length);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, memory);
    // Batches have grown when there is too much: the small ones go.
    while (this.#kept > mostKept) this.#kept -= this.#free.shift()?.length ?? 0;
  }
}

const powerOfTwo = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, least)));
