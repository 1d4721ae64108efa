import { getHeapStatistics } from 'node:v8';

/** Characters of records that xml2js reads before it is worth a look. */
const lookAfter = 128 * 1024;
/** More bytes than the last collection has left. */
const worthIt = 2 * 1024 * 1024;

/**
 * Collects what xml2js leaves behind. It makes so many objects that the buffers which the job reads meanwhile outlive the
 * collections of young ones, and those lie outside V8's heap, where V8 lets tens of megabytes come together.
 * A collection of everything takes some milliseconds; it is there with `--expose-gc`, as in the image of the job.
 */
export class ObjectSweep {
  #characters = 0;
  /** `undefined`: there was a collection, and what it has found is being given back. */
  #left: number | undefined = held();

  /** So many characters were read. */
  passed(characters: number): void {
    this.#characters += characters;
    if (this.#characters < lookAfter) return;
    this.look();
  }

  look(): void {
    this.#characters = 0;
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
