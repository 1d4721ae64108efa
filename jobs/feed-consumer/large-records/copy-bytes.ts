/** Shorter pieces are copied without a view of them: each view would have to be collected. */
const worthView = 64;

/** Copies the bytes from `start` up to `end`. */
export function copyBytes(to: Uint8Array, at: number, from: Uint8Array, start: number, end: number): void {
  if (end - start >= worthView) to.set(from.subarray(start, end), at);
  else for (let index = start; index < end; index++) to[at + index - start] = from[index] ?? 0;
}
