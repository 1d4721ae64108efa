import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Aws } from '../../aws/clients.ts';
import { found, isError } from '../../aws/errors.ts';
import type { Pausable } from './pausable.ts';

const Entry = z.object({
  kind: z.enum(['rule', 'schedule', 'job-queue']),
  name: z.string(),
  /** Its state before the pause. */
  was: z.string(),
  /** What config said of it then. */
  wanted: z.string().optional(),
});

const Record = z.object({
  version: z.literal(1),
  since: z.string(),
  by: z.string(),
  reason: z.string().optional(),
  resources: z.array(Entry),
});

/** How everything was before the pause, which is what a resume restores. */
export type PauseRecord = z.infer<typeof Record>;
export type Entry = z.infer<typeof Entry>;

/** A record as it lies in the bucket; `etag` holds off whoever else would write it. */
interface Kept {
  readonly record: PauseRecord;
  readonly etag: string;
}

/** S3 answers at once with what was written last, which its tags do not promise. */
const Key = 'pause.json';

/** Throws what reading or a record of another form throws. */
export async function readRecord({ s3 }: Aws, Bucket: string): Promise<Kept | undefined> {
  const answer = await found(s3.send(new GetObjectCommand({ Bucket, Key })), (error) => isError(error, 'NoSuchKey'));
  if (answer === undefined) return undefined;
  const { data, error } = Record.safeParse(JSON.parse((await answer.Body?.transformToString()) ?? ''));
  if (error) {
    throw new Error(
      `reading the record of the pause (s3://${Bucket}/${Key}): it is of another version of baton, or was edited (${error.issues[0]?.message})`,
    );
  }
  return { record: data, etag: answer.ETag ?? '' };
}

/**
 * Writes a first record, or one in the place of exactly that which was read. A write that was answered with an error may
 * have been done all the same; then what lies there is what was to be written.
 */
export async function writeRecord(aws: Aws, Bucket: string, record: PauseRecord, before: Kept | undefined) {
  const condition = before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before.etag };
  const Body = JSON.stringify(record, null, 2);
  const isRace = (error: unknown): boolean => isError(error, 'PreconditionFailed');
  const request = new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ...condition });
  if ((await found(aws.s3.send(request), isRace)) !== undefined) return;
  const there = await readRecord(aws, Bucket);
  if (JSON.stringify(there?.record) === JSON.stringify(record)) return;
  throw new Error(`writing the record of the pause (s3://${Bucket}/${Key}): somebody else has written it meanwhile`);
}

/** Removes the record that was read; nothing where it is gone. */
export async function deleteRecord({ s3 }: Aws, Bucket: string, { etag }: Kept): Promise<void> {
  await found(s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: etag })), (error) => isError(error, 'NoSuchKey'));
}

const keyOf = ({ kind, name }: Pick<Entry, 'kind' | 'name'>): string => `${kind}/${name}`;

export const entryOf = (record: PauseRecord | undefined, pausable: Pausable): Entry | undefined =>
  record?.resources.find((each) => keyOf(each) === keyOf(pausable));

/**
 * How everything was. What is enabled was so before, too; of what is disabled, the record of a pause that was begun
 * before knows whether that pause has disabled it. Where that record is lost, config says what should have been.
 */
export function entriesFor(found: readonly Pausable[], before: PauseRecord | undefined, isLost: boolean): Entry[] {
  const now = found.map((pausable): Entry => {
    const known = entryOf(before, pausable);
    if (pausable.state === 'DISABLED' && known !== undefined) return known;
    const { kind, name, state, wanted } = pausable;
    const was = isLost && wanted !== undefined ? wanted : state;
    return { kind, name, was, ...(wanted !== undefined && { wanted }) };
  });
  const there = new Set(now.map(keyOf));
  // What a listing does not show today it may show when the pause is over.
  const unseen = (before?.resources ?? []).filter((each) => !there.has(keyOf(each)));
  return [...now, ...unseen].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * What becomes of something when the pause is over: what it was before; but what config has since come to say otherwise,
 * and what is new, as config says.
 */
export function stateAfter(pausable: Pausable, entry: Entry | undefined): string {
  const { wanted, state } = pausable;
  if (entry === undefined) return wanted ?? state;
  return wanted !== undefined && wanted !== entry.wanted ? wanted : entry.was;
}
