import { getHeapStatistics } from 'node:v8';

/** Less is not worth a look. */
const lookAfter = 128 * 1024;
/** More bytes than the last collection has left. */
const worthIt = 2 * 1024 * 1024;

/**
 * Collects what is left behind where many objects are made, as by xml2js: the buffers that a job reads meanwhile outlive the
 * collections of young objects, which BufferSweep asks for, and outside its heap V8 lets tens of megabytes come together.
 * A collection of everything takes some milliseconds; it is there with `--expose-gc`, as in the image of the consumer.
 */
export class ObjectSweep {
  #passed = 0;
  /** `undefined`: there was a collection, and what it has found is being given back. */
  #left: number | undefined = held();

  /** So many characters or bytes were worked on. */
  passed(amount: number): void {
    this.#passed += amount;
    if (this.#passed >= lookAfter) this.look();
  }

  /** Collects if there is enough. */
  look(): void {
    this.#passed = 0;
    this.#left ??= held();
    if (held() - this.#left < worthIt) return;
    globalThis.gc?.();
    this.#left = undefined;
  }
}

/** Bytes of objects, and of what they hold outside the heap. */
function held(): number {
  const { used_heap_size: inside, external_memory: outside } = getHeapStatistics();
  return inside + outside;
}
