import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { found, isError } from './errors.ts';

/** Who holds a lease; `token` tells apart two leases of one holder. */
interface LeaseNote {
  readonly holder: string;
  readonly token: string;
  /** ISO 8601. */
  readonly since: string;
  readonly expires: string;
}

interface Held {
  readonly note: LeaseNote;
  readonly etag: string;
}

export interface LeaseClock {
  now(): number;
  /** Repeats the work, which never throws, until the returned function is called. */
  every(milliseconds: number, work: () => Promise<void>): () => void;
}

export interface LeaseOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly holder: string;
  /** Of who is known to have died a lease is taken over at once. */
  readonly isDead?: (holder: string) => boolean;
  readonly clock?: LeaseClock;
  /** Milliseconds from each renewal on. */
  readonly duration?: number;
}

/** Held until it is released, renewed by itself. */
export interface Lease {
  /** Aborts when the lease is lost: somebody took it over, or it could not be renewed before it expired. */
  readonly lost: AbortSignal;
  /** Renews no more; what is left of its time must do. */
  stopRenewing(): Promise<void>;
  /** Gives it back; nothing where it, or its bucket, is gone. */
  release(): Promise<void>;
}

/** Somebody else holds it. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
  readonly note: LeaseNote;

  constructor(note: LeaseNote) {
    super(`${note.holder} holds it since ${note.since}, until ${note.expires} unless it is renewed`);
    this.note = note;
  }
}

const realClock: LeaseClock = {
  now: Date.now,
  every: (milliseconds, work) => {
    const timer = setInterval(() => void work(), milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no lease either.
    return undefined;
  }
}

const isNote = (value: unknown): value is LeaseNote =>
  typeof value === 'object' &&
  value !== null &&
  ['holder', 'token', 'since', 'expires'].every((name) => typeof Reflect.get(value, name) === 'string');

async function read({ s3, bucket: Bucket, key: Key }: LeaseOptions): Promise<Held | undefined> {
  const isAbsence = (error: unknown): boolean => isError(error, 'NoSuchKey');
  const answer = await found(s3.send(new GetObjectCommand({ Bucket, Key })), isAbsence);
  if (answer === undefined) return undefined;
  const text = (await answer.Body?.transformToString()) ?? '';
  const note = parsed(text);
  if (!isNote(note)) throw new Error(`reading s3://${Bucket}/${Key}: "${text}" is no lease; delete the object`);
  return { note, etag: answer.ETag ?? '' };
}

/** 412: the condition does not hold. 409: another write came at the same time. 404 answers a condition on what is gone. */
const isRace = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].some((name) => isError(error, name));

/** Writes where the condition holds, and returns the new ETag; `undefined` where it does not. */
async function write(
  { s3, bucket: Bucket, key: Key }: LeaseOptions,
  note: LeaseNote,
  condition: { readonly IfMatch: string } | { readonly IfNoneMatch: '*' },
): Promise<string | undefined> {
  const Body = JSON.stringify(note);
  const request = new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ...condition });
  const answer = await found(s3.send(request), isRace);
  return answer?.ETag;
}

const conditionOn = (held: Held | undefined) =>
  held === undefined ? ({ IfNoneMatch: '*' } as const) : { IfMatch: held.etag };

/** How often a race is looked at again before it is told. */
const attempts = 5;

/** Who wins the race for a free lease, or for one that expired, has it. Throws LeaseHeldError. */
async function take(options: LeaseOptions, noteAt: () => LeaseNote, now: () => number): Promise<Held> {
  for (let attempt = 0; ; attempt += 1) {
    const there = await read(options);
    const note = noteAt();
    // A write that was answered with an error may have been done all the same; so its token is looked for.
    if (there?.note.token === note.token) return there;
    const isFree =
      there === undefined || Date.parse(there.note.expires) <= now() || options.isDead?.(there.note.holder);
    if (!isFree) throw new LeaseHeldError(there.note);
    const etag = await write(options, note, conditionOn(there));
    if (etag !== undefined) return { note, etag };
    if (attempt === attempts)
      throw new Error(`taking the lease s3://${options.bucket}/${options.key}: others are always faster`);
  }
}

/** What holds after a renewal; `undefined` where another has the lease. */
async function renewed(options: LeaseOptions, held: Held, note: LeaseNote): Promise<Held | undefined> {
  const etag = await write(options, note, { IfMatch: held.etag });
  if (etag !== undefined) return { note, etag };
  const there = await read(options);
  return there?.note.token === note.token ? there : undefined;
}

async function release({ s3, bucket: Bucket, key: Key }: LeaseOptions, { etag }: Held): Promise<void> {
  const isGone = (error: unknown): boolean => isRace(error) || isError(error, 'NoSuchBucket');
  await found(s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: etag })), isGone);
}

/**
 * Takes a lease by conditional writes to one object of S3: whoever writes first has it. It is renewed while it is held,
 * and free again once it is released or has expired. Throws LeaseHeldError when somebody else holds it.
 */
export async function takeLease(options: LeaseOptions): Promise<Lease> {
  const { clock = realClock, duration = 120_000, holder } = options;
  const token = randomUUID();
  const since = new Date(clock.now()).toISOString();
  const noteNow = (): LeaseNote => ({ holder, token, since, expires: new Date(clock.now() + duration).toISOString() });
  let held = await take(options, noteNow, () => clock.now());
  const lost = new AbortController();
  const lose = (why: string, cause?: unknown): void => lost.abort(new Error(`the lease was lost: ${why}`, { cause }));

  const renew = async (): Promise<void> => {
    try {
      const next = await renewed(options, held, noteNow());
      if (next === undefined) lose('another has taken it, or deleted it');
      else held = next;
    } catch (error) {
      // What S3 did not answer this time it may the next; after its time the lease is anybody's.
      if (clock.now() >= Date.parse(held.note.expires)) lose('it could not be renewed before it expired', error);
    }
  };
  let renewing: Promise<void> = Promise.resolve();
  const stop = clock.every(duration / 4, () => {
    renewing = renewing.then(() => (lost.signal.aborted ? undefined : renew()));
    return renewing;
  });
  const stopRenewing = (): Promise<void> => {
    stop();
    return renewing;
  };
  return { lost: lost.signal, stopRenewing, release: () => stopRenewing().then(() => release(options, held)) };
}
