import { type FeedPart, partKey } from '../../messages/feed-parts.ts';
import type { FeedSettings } from '../../messages/feed-settings.ts';
import { BufferSweep } from '../../process/buffer-sweep.ts';
import { LeftUndone } from '../../process/job-error.ts';
import type { WorkFolder } from '../../process/work-folder.ts';
import { declaredEntities } from '../../xml/entities.ts';
import { inflated } from '../../xml/inflation.ts';
import { RecordIndex } from '../changes/record-index.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { doctypeIn, documentFrame, mostHeadBytes } from './document-frame.ts';
import { type Content, Inspection } from './inspection.ts';
import { type HandOn, PartWriter } from './part-writer.ts';
import { RecordCutter, type RecordSink } from './record-cutter.ts';
import { StoredBody } from './stored-body.ts';

/** A feed that was read to its end and is whole. */
export interface TakenIn {
  readonly content: Content;
  /** Its records by their ids, where the settings name one. */
  readonly index: RecordIndex | undefined;
  /** A gzip file of up to `partsAbove` bytes; of more, parts that are in the bucket already. */
  readonly stored:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'parts'; readonly parts: readonly FeedPart[] };
}

export interface Intake {
  readonly tag: string;
  readonly feed: FeedSettings;
  readonly folder: WorkFolder;
  readonly store: Pick<SnapshotStore, 'upload' | 'remove'>;
  /** What the keys of parts begin with. */
  readonly partsBase: string;
}

/**
 * Reads a download to its end in one pass: inflates, decodes, checks and hashes it, and keeps it as it is to be stored.
 * How large it is nobody knows before: what would be one object is kept in a file until it is found to be too large for
 * one. Then it is read from there once more, and goes on, into parts. Throws FeedError, and what the body throws.
 */
export async function takeIn(intake: Intake, body: AsyncIterable<Uint8Array>): Promise<TakenIn> {
  const { feed, folder } = intake;
  const stored = new StoredBody(body, folder.newFile('feed.xml.gz'));
  try {
    const whole = new Reading(intake, undefined);
    const content = await whole.read(stored, feed.partsAbove);
    if (content === undefined) return await takeInParts(intake, stored.again());
    return { content, index: whole.index, stored: { kind: 'file', path: await stored.end() } };
  } finally {
    await stored.close();
  }
}

async function takeInParts(intake: Intake, body: AsyncIterable<Uint8Array>): Promise<TakenIn> {
  const parts: FeedPart[] = [];
  const reading = new Reading(intake, async ({ path, ...part }, index) => {
    const key = partKey(intake.partsBase, index);
    const etag = await intake.store.upload(key, path);
    intake.folder.remove(path);
    parts.push({ key, etag, ...part });
  });
  try {
    const content = await reading.read(body, Number.POSITIVE_INFINITY);
    if (content === undefined) throw new Error('the feed has no end');
    return { content, index: reading.index, stored: { kind: 'parts', parts } };
  } catch (error) {
    throw await afterRemoving(intake.store, parts, error);
  }
}

/** Gives the error back when the parts are removed: a feed that is refused at each look would leave as many each time. */
async function afterRemoving(store: Intake['store'], parts: readonly FeedPart[], error: unknown): Promise<unknown> {
  try {
    for (const { key } of parts) await store.remove(key);
    return error;
  } catch (removing) {
    return new LeftUndone(error, 'its parts were not removed', removing);
  }
}

/** One reading of a feed's content. */
class Reading {
  readonly index: RecordIndex | undefined;
  readonly #parts: PartWriter | undefined;
  readonly #inspection: Inspection;

  constructor({ tag, feed, folder }: Intake, handOn: HandOn | undefined) {
    const head = (): string => cutter.head.toString();
    this.index =
      feed.id === undefined ? undefined : new RecordIndex(feed.id, folder, () => declaredEntities(doctypeIn(head())));
    this.#parts = handOn && new PartWriter(feed.partSize, folder, () => documentFrame(head()), handOn);
    const sinks = [this.index, this.#parts].filter((sink) => sink !== undefined);
    const cutter = new RecordCutter(allOf(sinks), mostHeadBytes);
    this.#inspection = new Inspection(tag, sinks.length > 0 ? cutter : undefined);
  }

  /** `undefined` as soon as there is more than `most` bytes of content. */
  async read(body: AsyncIterable<Uint8Array>, most: number): Promise<Content | undefined> {
    const sweep = new BufferSweep();
    try {
      for await (const bytes of inflated(body)) {
        this.#inspection.see(bytes);
        sweep.passed(bytes.length);
        if (this.#inspection.bytes > most) return undefined;
        await this.#parts?.ready();
      }
      const content = this.#inspection.end();
      await this.#parts?.finish();
      return content;
    } catch (error) {
      await this.#parts?.abandon();
      throw error;
    }
  }
}

const allOf = (sinks: readonly RecordSink[]): RecordSink => ({
  piece: (utf8) => {
    for (const sink of sinks) sink.piece(utf8);
  },
  end: () => {
    for (const sink of sinks) sink.end();
  },
});
