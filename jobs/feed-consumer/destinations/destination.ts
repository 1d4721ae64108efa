import type { Environment } from '../../process/environment.ts';

/** The bytes of a request. A large record lies in a file, so they come in pieces. */
export interface Body {
  readonly length: number;
  /** All of them, as often as it is called. Each piece is to be left as it is. Throws JobError where a file cannot be read. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Records that are sent together. */
export interface Parcel {
  /** The same for every repetition of these records to this destination, and for no others. Safe in a header and in an S3 key. */
  readonly key: string;
  /** NDJSON: one record a line, each with a newline behind it. It is there until `send` has settled. */
  readonly body: Body;
  readonly records: number;
  /** Counts the batches of a delivery from 0 on; halves of a batch have its number. */
  readonly batch: number;
}

/** A record of a parcel that the destination refuses; `index` counts from 0 within the parcel. */
export interface RefusedLine {
  readonly index: number;
  readonly reason: string;
}

/** What a destination may say to a parcel. */
export type Answer =
  | { readonly kind: 'accepted'; readonly refused: readonly RefusedLine[] }
  /** The same parcel may be taken later. `cause` is short, for counting: `429`, `timeout`. `retryAfter` in milliseconds. */
  | { readonly kind: 'busy'; readonly cause: string; readonly reason: string; readonly retryAfter?: number }
  /** Something in this parcel is wrong, and nothing of it was taken: it is halved until the records at fault stand alone. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It would say the same to every parcel: wrong address, wrong credentials, a protocol that is not ours. */
  | { readonly kind: 'hopeless'; readonly reason: string };

/** What a delivery that has come to its end was. */
export interface Totals {
  readonly batches: number;
  /** Records that were sent, rejects included. */
  readonly records: number;
  readonly deletions: number;
  readonly rejected: number;
}

/**
 * Where records go. A team adds one of its own in one file beside this one: a `DestinationKind`, and a line for the
 * scheme of its addresses in destinations.ts. Retries, waiting, halving, rejects and checkpoints are done for it; it has
 * to take a parcel that comes again under its key as the same one, to keep nothing of its bytes, and to put no secret into
 * a reason.
 */
export interface Destination {
  /** Before the first parcel of a delivery that has nothing delivered yet: what an abandoned one left may go. */
  begin?(): Promise<void>;
  /** Sends once; several at once, in any order. Throws only when `abort` was signalled, and what reading the body throws; what the destination does is an answer. */
  send(parcel: Parcel): Promise<Answer>;
  /** After the last parcel was taken, or became rejects. Repeated as a parcel is, and after a crash. */
  finish?(totals: Totals): Promise<Answer>;
}

/** The delivery that a destination is opened for. */
export interface Delivery {
  /** What the keys of its parcels begin with: the message's id; for a part of a feed, with its index. */
  readonly id: string;
  readonly feedType: string;
  /** `full`: every record of the snapshot, so what the destination has besides is no more. `delta`: what changed. */
  readonly kind: 'full' | 'delta';
  /** The message's id. */
  readonly snapshot: string;
  /** Rises from one snapshot of a feed to the next; `undefined` where the message was made by hand. */
  readonly sequence: number | undefined;
  /** Records of the whole snapshot, where its message tells. */
  readonly records: number | undefined;
  /** Which part of the snapshot is delivered, from 0 on; `undefined` where it has none. */
  readonly part: { readonly index: number; readonly of: number } | undefined;
  /** Cuts off what is under way. */
  readonly abort: AbortSignal;
}

export type OpenDestination = (delivery: Delivery) => Destination;

/** Reads what it needs of the job's variables, which by custom begin with DESTINATION_; complaints go to `environment`. */
export type DestinationKind = (environment: Environment, url: URL) => OpenDestination;
