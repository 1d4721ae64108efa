const least = 16 * 1024;
/** No batch is asked for more. */
export const largestMemory = 8 * 1024 * 1024;
/** Bytes, taken and free together, above which the smallest free memory is given up. */
const most = 10 * 1024 * 1024;

/**
 * The memory that batches lie in, used again when they are delivered. It is outside V8's heap, and V8 looks for what
 * nobody needs of that only when tens of megabytes have come together: with memory of its own for each batch, the
 * slower a destination, the more of it would stay behind.
 */
export class BatchMemory {
  /** The smallest first. */
  readonly #free: Uint8Array[] = [];
  #freeBytes = 0;
  #takenBytes = 0;

  take(bytes: number): Uint8Array {
    const at = this.#free.findIndex(({ length }) => length >= bytes);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    const length = found?.length ?? powerOfTwo(bytes);
    this.#takenBytes += length;
    if (found === undefined) this.#keep(most - this.#takenBytes);
    else this.#freeBytes -= length;
    return found ?? Buffer.allocUnsafeSlow(length);
  }

  giveBack(memory: Uint8Array): void {
    this.#takenBytes -= memory.length;
    this.#freeBytes += memory.length;
    const at = this.#free.findIndex(({ length }) => length >= memory.length);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, memory);
    this.#keep(most);
  }

  /** Batches have grown when there is too much: the small ones go. */
  #keep(bytes: number): void {
    while (this.#freeBytes > bytes) {
      const smallest = this.#free.shift();
      if (smallest === undefined) return;
      this.#freeBytes -= smallest.length;
    }
  }
}

const powerOfTwo = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, least)));
