import { readSnapshotMessage, type SnapshotMessage, sha256Pattern } from './feed-message.ts';
import { JsonFields } from './json-fields.ts';

/** What a server said about the version it sent; sent back to it in the next conditional GET. */
export interface Validators {
  /** Names the address: the validators of one mean nothing at another. It tells no password and no query. */
  readonly url: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/**
 * Where a feed stands, in `state/<type>.json`. `pending` is an outbox: a snapshot that is stored but perhaps not yet
 * published. Whoever finds one publishes it, with the same id and key, and makes it `current`.
 */
export interface FeedState {
  readonly version: 1;
  /** Counts the snapshots of this feed, the pending one included. */
  readonly sequence: number;
  /** Of the content that the feed was last seen to have. */
  readonly validators?: Validators;
  /** SHA-256 of the feed's content, where it is not that of the snapshot: a large feed whose records came to one part. */
  readonly content?: string;
  readonly current?: SnapshotMessage;
  readonly pending?: SnapshotMessage;
}

export const stateKey = (type: string): string => `state/${type}.json`;

/** Throws ContractError naming every field that is wrong. */
export function parseFeedState(text: string): FeedState {
  const fields = JsonFields.parse('the state of the feed', text);
  fields.version(1);
  const sequence = fields.count('sequence');
  const content = fields.optionalText('content', sha256Pattern);
  fields.check();
  const validators = fields.object('validators');
  const current = fields.object('current');
  const pending = fields.object('pending');
  return {
    version: 1,
    sequence,
    ...(content !== undefined && { content }),
    ...(validators && { validators: readValidators(validators) }),
    ...(current && { current: readSnapshotMessage(current) }),
    ...(pending && { pending: readSnapshotMessage(pending) }),
  };
}

function readValidators(fields: JsonFields): Validators {
  const etag = fields.optionalText('etag');
  const lastModified = fields.optionalText('lastModified');
  const validators = {
    url: fields.text('url'),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  };
  fields.check();
  return validators;
}
