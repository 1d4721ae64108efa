import { AwsError } from '../../wire/errors.ts';
import { conditionalRequestConflict, noSuchKey, notImplemented, preconditionFailed } from './errors.ts';
import type { ObjectIndex, ObjectVersion } from './object-index.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}
export type WriteConditions = Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>;

const unquoted = (tag: string): string =>
  tag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
const matches = (header: string, etag: string): boolean =>
  header.split(',').some((tag) => unquoted(tag) === '*' || unquoted(tag) === etag);

/** Which condition fails. A tag outweighs the date beside it (RFC 9110, section 13.2.2). */
function failedCondition(conditions: ReadConditions, object: ObjectVersion): keyof ReadConditions | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object.etag)) return 'IfMatch';
  } else if (IfUnmodifiedSince && object.lastModified > IfUnmodifiedSince) return 'IfUnmodifiedSince';
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, object.etag) ? 'IfNoneMatch' : undefined;
  return IfModifiedSince && object.lastModified <= IfModifiedSince ? 'IfModifiedSince' : undefined;
}

/** @throws AwsError 304 NotModified or 412 PreconditionFailed. */
export function checkRead(conditions: ReadConditions, object: ObjectVersion): void {
  const failed = failedCondition(conditions, object);
  switch (failed) {
    case undefined:
      return;
    case 'IfMatch':
      throw preconditionFailed('If-Match');
    case 'IfUnmodifiedSince':
      throw preconditionFailed('If-Unmodified-Since');
    case 'IfNoneMatch':
    case 'IfModifiedSince':
      throw new AwsError('NotModified', 'Not Modified', 304);
    default:
      failed satisfies never;
  }
}

/** A copy whose source fails any condition is refused with 412; there is nothing to be "not modified". */
export function checkCopySource(conditions: ReadConditions, object: ObjectVersion): void {
  const failed = failedCondition(conditions, object);
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase()}`);
}

/**
 * Conditions of a write or delete against what lies there now.
 * @throws AwsError 412 PreconditionFailed, 404 NoSuchKey when `If-Match` finds nothing.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(
  { IfMatch, IfNoneMatch }: WriteConditions,
  key: string,
  current: ObjectVersion | undefined,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*' || IfMatch !== undefined) throw notImplemented('If-None-Match');
    if (current) throw preconditionFailed('If-None-Match');
  }
  if (IfMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(IfMatch, current.etag)) throw preconditionFailed('If-Match');
}

/**
 * A write under conditions, checked before its bytes are received (so that a doomed upload ends early) and again in the
 * same turn as `commit`, so that of two writers one wins. Of the writers that started together the losers see 412; 409
 * is the answer when the object was deleted in between, and asks for a retry.
 */
export async function writeConditionally<Received, Result>(
  objects: ObjectIndex,
  key: string,
  conditions: WriteConditions,
  write: {
    receive(): Promise<Received>;
    /** Synchronous, so that nothing comes between the check and the change. */
    commit(received: Received): Result;
    discard(received: Received): void;
  },
): Promise<Result> {
  checkWrite(conditions, key, objects.latestObject(key));
  const conditional = conditions.IfMatch !== undefined || conditions.IfNoneMatch !== undefined;
  const pending = objects.beginWrite(key);
  try {
    const received = await write.receive();
    try {
      if (conditional && pending.deleted) throw conditionalRequestConflict(key);
      checkWrite(conditions, key, objects.latestObject(key));
      return write.commit(received);
    } catch (error) {
      write.discard(received);
      throw error;
    }
  } finally {
    objects.endWrite(pending);
  }
}
