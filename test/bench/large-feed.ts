import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeLargeFeed } from '../support/large-feed.ts';
import type { Bench, Figure } from './bench.ts';
import { runStart } from './run-start.ts';

const megabyte = 1_000_000;
const feedBytes = 200 * megabyte;

export const largeFeed: Bench = {
  name: 'large-feed',
  about: `npm start with a feed of ${feedBytes / megabyte} MB: how long, and how much memory each process takes`,
  async run(say) {
    const directory = await mkdtemp(join(tmpdir(), 'bench-large-feed-'));
    try {
      const feed = join(directory, 'feed.xml');
      await writeLargeFeed(feed, feedBytes);
      say('the feed is written');
      const begun = performance.now();
      const peaks = await runStart(['--feed', feed, '--output', directory]);
      const seconds = (performance.now() - begun) / 1_000;
      const memory = peaks.slice(0, 4).map(
        ({ command, bytes }): Figure => ({
          bench: 'large-feed',
          what: `peak resident memory of ${command
            .split(' ')
            .map((part) => basename(part))
            .join(' ')}`,
          value: bytes / megabyte,
          unit: 'MB',
          aim: '< 300 MB',
        }),
      );
      return [{ bench: 'large-feed', what: 'npm start with 200 MB', value: seconds, unit: 's' }, ...memory];
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};
