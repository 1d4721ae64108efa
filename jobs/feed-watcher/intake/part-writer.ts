import { createHash, type Hash } from 'node:crypto';
import { mostParts } from '../../messages/feed-message.ts';
import { JobError } from '../../process/job-error.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import type { DocumentFrame } from './document-frame.ts';
import { FileWriter } from './file-writer.ts';
import type { RecordSink } from './record-cutter.ts';

/** A part of a snapshot in a file: what it holds, and which records of the feed. */
interface WrittenPart {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
  readonly firstRecord: number;
}

/** Takes a part that is full, or the last one, with its place among the parts, from 0 on. */
export type HandOn = (part: WrittenPart, index: number) => Promise<void>;

interface OpenPart {
  readonly file: FileWriter;
  readonly hash: Hash;
  readonly firstRecord: number;
  bytes: number;
  records: number;
  /** What is not written yet. */
  gathered: Uint8Array[];
  gatheredBytes: number;
}

/** Records are small, and each write is a way to zlib's thread and back: so much goes there at once. */
const gatherBytes = 256 * 1024;

const lineEnd = Buffer.from('\n');

/** Writes records into one part after the other, each a document of its own. A part that is full is handed on. */
export class PartWriter implements RecordSink {
  readonly #partSize: number;
  readonly #folder: WorkFolder;
  readonly #frame: () => DocumentFrame;
  readonly #handOn: HandOn;
  #knownFrame: DocumentFrame | undefined;
  #part: OpenPart | undefined;
  #records = 0;
  #parts = 0;
  /** Resolve when all closed parts but the latest are handed on, and when all are: one goes after the other. */
  #earlier: Promise<void> = Promise.resolve();
  #handingOn: Promise<void> = Promise.resolve();

  /** `frame` is asked when the first record begins; `handOn` of a part is called when that of the one before is done. */
  constructor(partSize: number, folder: WorkFolder, frame: () => DocumentFrame, handOn: HandOn) {
    this.#partSize = partSize;
    this.#folder = folder;
    this.#frame = frame;
    this.#handOn = handOn;
  }

  piece(utf8: Uint8Array): void {
    this.#part ??= this.#open();
    this.#write(this.#part, utf8);
  }

  end(): void {
    this.#records++;
    const part = this.#part;
    if (part === undefined) return;
    part.records++;
    this.#write(part, lineEnd);
    if (part.bytes >= this.#partSize) this.#close(part);
  }

  /** Resolves when more may be written: while one full part is handed on, and no more than that. */
  async ready(): Promise<void> {
    await this.#earlier;
    await this.#part?.file.ready();
  }

  /** Resolves when all parts are handed on. */
  async finish(): Promise<void> {
    if (this.#part !== undefined) this.#close(this.#part);
    await this.#handingOn;
  }

  /**
   * Leaves off. Resolves when nothing is handed on any more: the same parts may be written again, and the older ones must
   * not come after them.
   */
  async abandon(): Promise<void> {
    await this.#part?.file.abandon();
    // Why it was left off is known better by who does so.
    await this.#handingOn.catch(() => {});
  }

  #open(): OpenPart {
    this.#knownFrame ??= this.#frame();
    const file = new FileWriter(this.#folder.newFile('part.xml.gz'), 'gzip');
    const part: OpenPart = {
      file,
      hash: createHash('sha256'),
      firstRecord: this.#records + 1,
      bytes: 0,
      records: 0,
      gathered: [],
      gatheredBytes: 0,
    };
    this.#write(part, Buffer.from(this.#knownFrame.head));
    return part;
  }

  #write(part: OpenPart, bytes: Uint8Array): void {
    part.gathered.push(bytes);
    part.gatheredBytes += bytes.length;
    part.bytes += bytes.length;
    if (part.gatheredBytes >= gatherBytes) this.#flush(part);
  }

  #flush(part: OpenPart): void {
    const bytes = Buffer.concat(part.gathered);
    part.file.write(bytes);
    part.hash.update(bytes);
    part.gathered = [];
    part.gatheredBytes = 0;
  }

  #close(part: OpenPart): void {
    this.#write(part, Buffer.from(this.#knownFrame?.tail ?? ''));
    this.#flush(part);
    this.#part = undefined;
    const index = this.#parts++;
    if (index === mostParts)
      throw new JobError(
        `storing the snapshot in parts: more than ${mostParts} of ${this.#partSize} bytes; set a larger partSize`,
      );
    const { bytes, records, firstRecord } = part;
    const written = { path: part.file.path, bytes, sha256: part.hash.digest('hex'), records, firstRecord };
    const earlier = this.#handingOn;
    this.#earlier = earlier;
    this.#handingOn = part.file.end().then(async () => {
      await earlier;
      await this.#handOn(written, index);
    });
    // Thrown by `ready` or `finish`.
    this.#handingOn.catch(() => {});
  }
}
