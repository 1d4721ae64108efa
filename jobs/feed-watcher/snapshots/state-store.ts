import type { S3Client } from '@aws-sdk/client-s3';
import { type FeedState, parseFeedState, stateKey } from '../../messages/feed-state.ts';
import { type ObjectPlace, readText, replaceText } from '../../process/objects.ts';

/** A state with the entity tag under which it was read; `undefined` where nothing is stored yet. */
export interface KnownState {
  readonly state: FeedState;
  readonly etag: string | undefined;
}

/** The state of one feed in S3. It moves only from what was read: two watchers never overwrite each other's step. */
export class StateStore {
  readonly #place: ObjectPlace;

  constructor(s3: S3Client, bucket: string, type: string) {
    this.#place = { s3, bucket, key: stateKey(type) };
  }

  async read(): Promise<KnownState> {
    const stored = await readText(this.#place);
    if (stored === undefined) return { state: { version: 1, sequence: 0 }, etag: undefined };
    return { state: parseFeedState(stored.text), etag: stored.etag };
  }

  /** `undefined` when somebody else moved the state since it was read, or when this very step was done and its answer lost. */
  async move(from: KnownState, to: FeedState): Promise<KnownState | undefined> {
    const etag = await replaceText(this.#place, JSON.stringify(to), from.etag);
    return etag === undefined ? undefined : { state: to, etag };
  }
}
