import { getHeapStatistics } from 'node:v8';

/** Less is not worth a collection. */
const sweepAfter = 4 * 1024 * 1024;
/** More bytes than were left by the last collection of everything. */
const worthAll = 4 * 1024 * 1024;

/**
 * Keeps the buffers few that a stream leaves behind. They lie outside V8's heap, and by itself V8 looks for those that
 * nobody needs only when there are 32 MB of them, since Node 22 64 MB. A collection of young objects takes under a
 * millisecond. What outlives two of them, since many other objects are made at the time, is found by a collection of
 * everything, which takes some milliseconds. Both are there with `--expose-gc`, as in the images of the jobs; without it a
 * job takes more memory.
 */
export class BufferSweep {
  #bytes = 0;
  #left = held();

  /** So many bytes have passed. */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < sweepAfter) return;
    this.#bytes = 0;
    globalThis.gc?.({ type: 'minor', execution: 'sync' });
    if (held() - this.#left < worthAll) return;
    globalThis.gc?.({ type: 'major', execution: 'sync' });
    this.#left = held();
  }
}

/** Bytes of objects, and of what they hold outside the heap. */
function held(): number {
  const { used_heap_size: inside, external_memory: outside } = getHeapStatistics();
  return inside + outside;
}
