import { stateKey } from './feed-state.ts';

/** The type of a feed by the key of one of its snapshots; `undefined`: it is that of another object. */
export const typeOfSnapshot = (key: string): string | undefined => /^snapshots\/([^/]+)\/.*\.xml\.gz$/.exec(key)?.[1];

/** What to do about a snapshot that cannot be read any more. */
export const removedSnapshot = (type: string): string =>
  `it is no longer there: a snapshot is removed 45 days after a newer one took its place, and its message is to be discarded; if it is the latest one, remove ${stateKey(type)}, and the watcher publishes the feed anew`;
