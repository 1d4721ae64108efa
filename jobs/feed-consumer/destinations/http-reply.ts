import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { BufferSweep } from '../../process/buffer-sweep.ts';
import { ObjectSweep } from '../../process/object-sweep.ts';
import { ellipsis, RefusalReader, type Refusals } from './refusal-reader.ts';

/** An HTTP answer that came in whole. */
export interface HttpReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of its body, which may be shown. */
  readonly said: string;
  /** What a 207 says of single records; `undefined`: it is another answer. `too long`: there is more of it than is read. */
  readonly refusals: Refusals | 'too long' | undefined;
}

/** The time that an answer may take. */
export interface Deadline {
  pause(): void;
  resume(): void;
}

/** Bytes of an answer that are read: ten thousand refusals with their reasons. */
export const longestAnswer = 4 * 1024 * 1024;

/** Bytes of an answer that are kept: more than is shown, and than any secret in it has. */
const mostSaid = 16 * 1024;

/** Bytes of answers after which it is looked at what they left behind. */
const lookAfter = 4 * 1024 * 1024;

/**
 * Reads answers, and keeps of them only what is needed. Large ones that tell of records come in one after the other: what
 * many of them tell at once would take more memory than all batches.
 */
export class ReplyReader {
  readonly #buffers = new BufferSweep();
  readonly #objects = new ObjectSweep();
  #sinceLook = 0;
  #latestLarge: Promise<void> = Promise.resolve();

  /**
   * `settled` is told the status when the answer is there, and may throw; a large one has its turn until then. Throws
   * when the answer breaks off.
   */
  async read(
    incoming: IncomingMessage,
    deadline: Deadline,
    settled: (status: number) => Promise<void>,
  ): Promise<HttpReply> {
    const { statusCode: status = 0, headers } = incoming;
    const refusals = status === 207 ? new RefusalReader() : undefined;
    const said = new Beginning();
    let bytes = 0;
    let turn: Promise<() => void> | undefined;
    try {
      // Chunks that an iterator waits to hand on would outlive the sweeps.
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        this.#passed(chunk.length);
        said.write(chunk);
        if (bytes > longestAnswer) incoming.destroy();
        else if (refusals !== undefined && bytes > mostSaid && turn === undefined) {
          incoming.pause();
          turn = this.#turn(deadline).then((end) => {
            refusals.write(chunk);
            incoming.resume();
            return end;
          });
        } else refusals?.write(chunk);
        if (turn !== undefined) this.#objects.passed(chunk.length);
      });
      await finished(incoming).catch((error: unknown) => {
        if (bytes <= longestAnswer) throw error;
      });
      // The last chunk may be the one that waits for its turn.
      await turn;
      await settled(status);
      const told = bytes > longestAnswer ? 'too long' : refusals?.end();
      return { status, retryAfter: headers['retry-after'], said: said.text, refusals: refusals && told };
    } finally {
      (await turn)?.();
    }
  }

  /** Where many answers come at once some of their chunks outlive the small sweeps. */
  #passed(bytes: number): void {
    this.#buffers.passed(bytes);
    this.#sinceLook += bytes;
    if (this.#sinceLook < lookAfter) return;
    this.#sinceLook = 0;
    this.#objects.look();
  }

  /** Waits for those that came before, which takes nothing of the time there is; gives what ends the turn. */
  async #turn(deadline: Deadline): Promise<() => void> {
    const before = this.#latestLarge;
    let end = (): void => {};
    this.#latestLarge = new Promise((resolve) => {
      end = resolve;
    });
    deadline.pause();
    await before;
    // What the answer before said has become rejects by then.
    await setImmediate();
    this.#objects.look();
    deadline.resume();
    return end;
  }
}

class Beginning {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  write(chunk: Buffer): void {
    const missing = mostSaid - this.#bytes;
    this.#bytes += chunk.length;
    // A copy: the rest is not to be kept.
    if (missing > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, missing)));
  }

  get text(): string {
    const text = Buffer.concat(this.#chunks).toString().trimStart();
    return this.#bytes > mostSaid ? `${text}${ellipsis}` : text;
  }
}
