import { formatFeedParts, partKey, partsManifestKey } from '../../messages/feed-parts.ts';
import { JobError } from '../../process/job-error.ts';
import type { TakenIn } from '../intake/intake.ts';
import type { HeldNote } from './held-note.ts';
import { idOf, type Run } from './publication.ts';
import { heldKeys } from './snapshot-keys.ts';

interface Reasons {
  /** Why the feed is held. */
  readonly reason: string;
  /** Why something else that was accepted does not let it pass; `undefined`: nothing was accepted. */
  readonly unaccepted: string | undefined;
}

/** Keeps a feed aside that is held, and gives the error that the job ends with: it says how to publish it all the same. */
export async function hold(run: Run, taken: TakenIn, { reason, unaccepted }: Reasons): Promise<JobError> {
  const { settings, store } = run;
  const { content, stored } = taken;
  const { bucket, type, jobXmlTag } = settings;
  const id = idOf(run, taken);
  const keys = heldKeys(type, id);
  const held = `s3://${bucket}/${stored.kind === 'file' ? keys.whole : keys.base}`;
  if (stored.kind === 'file') await store.upload(keys.whole, stored.path);
  else {
    // A copy may have another entity tag.
    const parts = stored.parts.map(({ etag: _, ...part }, index) => ({ ...part, key: partKey(keys.base, index) }));
    for (const [index, { key }] of stored.parts.entries()) await store.move(key, partKey(keys.base, index));
    if (parts.length > 1) await store.uploadText(partsManifestKey(keys.base), formatFeedParts({ version: 1, parts }));
  }
  const note: HeldNote = { version: 1, jobXmlTag, ...content, reason };
  await store.uploadText(keys.note, JSON.stringify(note));
  const why = unaccepted === undefined ? reason : `${reason}; ${unaccepted}`;
  // What the schedule submits is in config, and this job cannot see which one it was: `npm run status` puts the names in.
  const accept = `npm run trigger -- SCHEDULE -e ENVIRONMENT --set ACCEPT=${id}`;
  return new JobError(
    `the feed is held: ${why}; look at ${held}, and to publish it all the same run the job again with ACCEPT=${id}`,
    { id, ...content, held, accept },
  );
}
