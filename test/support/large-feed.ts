import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { feedHead, feedTail, jobAd } from '../../scripts/local/sample-feed.ts';

/** Ads that are handed on together, so that a large feed is not written line by line. */
const adsAtOnce = 200;

/**
 * Writes a feed of at least so many bytes, gzipped when the path ends in `.gz` (the bytes are those of the XML). Gives
 * the number of its records; memory stays flat.
 */
export async function writeLargeFeed(path: string, bytes: number): Promise<{ readonly records: number }> {
  let records = 0;
  const pieces = function* (): Generator<string> {
    let written = 0;
    yield feedHead(1);
    while (written < bytes) {
      const ads = Array.from({ length: adsAtOnce }, (_, index) => jobAd(records + index + 1, false)).join('');
      records += adsAtOnce;
      written += Buffer.byteLength(ads);
      yield ads;
    }
    yield feedTail;
  };
  const file = createWriteStream(path);
  const source = Readable.from(pieces());
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
  return { records };
}
