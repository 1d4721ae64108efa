import { ObjectSweep } from '../../process/object-sweep.ts';
import { mostTold } from '../batches/reject-content.ts';

/** What is written to a file, or read from it, at once. */
const fileBytes = 256 * 1024;
/** Bytes of values that wait for others of their name: the more of them, the fewer stretches of the file a name has. */
const valueBytes = 2 * 1024 * 1024;
/** Runs of values that may wait: one for each 16 bytes, since short values of many names make as many runs. */
const mostRuns = 128 * 1024;

/** The memory that large records take, one after the other: with memory of its own for each, much of it would lie around. */
export class LargeMemory {
  /** What a record begins with. */
  readonly beginning = Buffer.allocUnsafeSlow(mostTold + 1);
  /** What goes into a file, or comes out of it: that of a record while it comes, and that of the whole one. */
  readonly spool = Buffer.allocUnsafeSlow(fileBytes);
  readonly whole = Buffer.allocUnsafeSlow(fileBytes);
  /** Values that wait; where each run of them ends, and the next one begins; the next run of the same name. */
  readonly values = Buffer.allocUnsafeSlow(valueBytes);
  readonly runEnds = new Int32Array(mostRuns);
  readonly nextRuns = new Int32Array(mostRuns);
  readonly sweep = new ObjectSweep();
}
