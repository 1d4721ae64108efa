/** Less is not worth a collection; buffers that outlive two of them would stay for long. */
const sweepAfter = 4 * 1024 * 1024;

/**
 * Keeps the buffers few that streams leave behind. They lie outside V8's heap, and by itself V8 looks for those that nobody
 * needs only when there are 32 MB of them, since Node 22 64 MB. A collection of young objects takes under a millisecond,
 * whichever stream has left them. It is there with `--expose-gc`, as in the images of the jobs; without it a job takes more
 * memory.
 */
export class BufferSweep {
  /** Of all streams. */
  static #passedBytes = 0;

  /** So many bytes have passed. */
  passed(bytes: number): void {
    BufferSweep.#passedBytes += bytes;
    if (BufferSweep.#passedBytes < sweepAfter) return;
    BufferSweep.#passedBytes = 0;
    globalThis.gc?.({ type: 'minor', execution: 'sync' });
  }
}
