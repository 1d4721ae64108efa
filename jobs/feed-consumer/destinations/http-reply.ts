import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { BufferSweep } from '../../process/buffer-sweep.ts';
import { ellipsis } from '../../process/discretion.ts';
import { ObjectSweep } from '../../process/object-sweep.ts';
import { type Deadline, LargeTurns } from './large-turns.ts';
import { type Refusals, refusalsIn } from './refusals.ts';

/** An HTTP answer that came in whole. */
export interface HttpReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of its body, which may be shown. */
  readonly said: string;
  /** What a 207 says of single records; `undefined`: it is another answer. `too long`: there is more of it than is read. */
  readonly refusals: Refusals | 'too long' | undefined;
}

/** Bytes of an answer that are read, so that its connection can be used again. */
const longestAnswer = 4 * 1024 * 1024;

/** Bytes of one that tells of records: for ten thousand refusals, 200 each. */
export const longestList = 2 * 1024 * 1024;

/**
 * Bytes of an answer that are kept to be shown. Fewer are shown in the end: a secret that begins in those is here whole, and can be
 * taken out.
 */
const mostSaid = 16 * 1024;

/** Bytes above which an answer that tells of records has to wait for others. */
const mostAtOnce = 16 * 1024;

/** Bytes of answers between two looks at how much memory they left behind. */
const lookAfter = 512 * 1024;

/**
 * Reads answers, and keeps of them only what is needed. Large ones that tell of records come in one after the other: what
 * many of them tell at once would take more memory than all batches.
 */
export class ReplyReader {
  readonly #buffers = new BufferSweep();
  readonly #objects = new ObjectSweep();
  /** Where many answers come at once some of their chunks outlive the small sweeps. */
  readonly #chunks = new ObjectSweep(lookAfter);
  readonly #turns = new LargeTurns();

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
    const tellsOfRecords = status === 207;
    const body = new BodyBeginning(tellsOfRecords ? longestList : mostSaid);
    const longest = tellsOfRecords ? longestList : longestAnswer;
    let turn: Promise<() => void> | undefined;
    try {
      // Chunks that an iterator waits to hand on would outlive the sweeps.
      incoming.on('data', (chunk: Buffer) => {
        this.#buffers.passed(chunk.length);
        this.#chunks.passed(chunk.length);
        body.write(chunk);
        if (body.length > longest) incoming.destroy();
        else if (tellsOfRecords && body.length > mostAtOnce) turn ??= this.#turnOf(incoming, deadline);
        if (turn !== undefined) this.#objects.passed(chunk.length);
      });
      await finished(incoming).catch((error: unknown) => {
        if (body.length <= longest) throw error;
      });
      // The last chunk may be the one that waits for its turn.
      await turn;
      await settled(status);
      const refusals = tellsOfRecords ? this.#refusalsIn(body) : undefined;
      return { status, retryAfter: headers['retry-after'], said: body.said, refusals };
    } finally {
      (await turn)?.();
    }
  }

  async #turnOf(incoming: IncomingMessage, deadline: Deadline): Promise<() => void> {
    incoming.pause();
    const end = await this.#turns.next(deadline);
    this.#objects.look();
    incoming.resume();
    return end;
  }

  #refusalsIn(body: BodyBeginning): Refusals | 'too long' {
    if (body.length > longestList) return 'too long';
    if (body.length > mostAtOnce) this.#objects.look();
    return refusalsIn(body.text());
  }
}

/** So many bytes of a body, from the first on. */
class BodyBeginning {
  readonly #most: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Of all of the body. */
  get length(): number {
    return this.#length;
  }

  write(chunk: Buffer): void {
    const missing = this.#most - this.#length;
    this.#length += chunk.length;
    // A copy of the last ones: the rest is not to be kept.
    if (missing > 0) this.#chunks.push(chunk.length <= missing ? chunk : Buffer.from(chunk.subarray(0, missing)));
  }

  /** All of it, without a byte order mark; only what may be shown is there afterwards. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [Buffer.from(bytes.subarray(0, mostSaid))];
    return bytes.toString().replace(/^\ufeff/, '');
  }

  get said(): string {
    const text = Buffer.concat(this.#chunks, Math.min(this.#length, mostSaid)).toString().trimStart();
    return this.#length > mostSaid ? `${text}${ellipsis}` : text;
  }
}
