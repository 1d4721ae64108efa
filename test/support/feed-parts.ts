import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { SnapshotMessage } from '../../jobs/messages/feed-message.ts';
import { type FeedPart, formatFeedParts, partKey, partsManifestKey } from '../../jobs/messages/feed-parts.ts';

type Put = (key: string, body: Uint8Array) => Promise<unknown>;

/**
 * Stores a feed of `<job><n>1</n></job>` and so on in parts of the given numbers of records, as the watcher would, and
 * gives the message about it.
 */
export async function storeParts(
  put: Put,
  bucket: string,
  type: string,
  sizes: readonly number[],
): Promise<SnapshotMessage & { readonly parts: number }> {
  const key = `snapshots/${type}/1-job`;
  const parts: FeedPart[] = [];
  const whole = createHash('sha256');
  let records = 0;
  let bytes = 0;
  for (const [index, size] of sizes.entries()) {
    const numbers = Array.from({ length: size }, (_, at) => records + at + 1);
    const content = Buffer.from(`<s>${numbers.map((n) => `<job><n>${n}</n></job>`).join('\n')}</s>`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    parts.push({ key: partKey(key, index), bytes: content.length, sha256, records: size, firstRecord: records + 1 });
    await put(partKey(key, index), gzipSync(content));
    whole.update(content);
    records += size;
    bytes += content.length;
  }
  await put(partsManifestKey(key), Buffer.from(formatFeedParts({ version: 1, parts })));
  const sha256 = whole.digest('hex');
  const reading = { type, jobXmlTag: 'job', gzipped: true, emptyCDATA: true };
  const id = `${type}-1-${sha256.slice(0, 12)}`;
  return { version: 1, id, ...reading, bucket, key, sha256, bytes, records, parts: sizes.length };
}
