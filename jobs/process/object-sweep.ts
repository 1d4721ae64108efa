import { getHeapStatistics } from 'node:v8';

/** Characters or bytes: less is not worth a look. */
const usualWork = 128 * 1024;
/** Bytes that must have come since the last collection: for fewer there is none. */
const worthIt = 2 * 1024 * 1024;

/**
 * Collects what is left behind where many objects are made, as by xml2js: the buffers that a job reads meanwhile outlive the
 * collections of young objects, which BufferSweep asks for, and outside its heap V8 lets tens of megabytes come together.
 * A collection of everything takes some milliseconds; it is there with `--expose-gc`, as in the image of the consumer.
 */
export class ObjectSweep {
  readonly #lookAfter: number;
  #passed = 0;
  /** `undefined`: there was a collection, and what it has found is being given back. */
  #left: number | undefined = held();

  /** After how much work it looks, in whatever it is counted. */
  constructor(lookAfter = usualWork) {
    this.#lookAfter = lookAfter;
  }

  /** So much was worked on. */
  passed(amount: number): void {
    this.#passed += amount;
    if (this.#passed >= this.#lookAfter) this.look();
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
