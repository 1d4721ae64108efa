import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { VariedAds } from './varied-ads.ts';

/** Ads that are handed on together, so that a large feed is not written line by line. */
const adsAtOnce = 400;

/**
 * Writes a feed of at least so many bytes, gzipped when the path ends in `.gz` (the bytes are those of the XML), with ads
 * of about 2.3 KB that are as varied as real ones: gzip makes a fifth of it. The same bytes each time; memory stays flat.
 */
export async function writeVariedFeed(path: string, bytes: number): Promise<{ readonly records: number }> {
  const ads = new VariedAds();
  const pieces = function* (): Generator<string> {
    let written = 0;
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!-- all ads, <job> by <job> -->\n<source>\n  <publisher>ATS &amp; Co</publisher>\n';
    while (written < bytes) {
      const some = Array.from({ length: adsAtOnce }, () => ads.next()).join('');
      written += Buffer.byteLength(some);
      yield some;
    }
    yield '</source>\n';
  };
  const file = createWriteStream(path);
  const source = Readable.from(pieces());
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
  return { records: ads.count };
}
