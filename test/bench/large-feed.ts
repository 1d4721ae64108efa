import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLargeFeed } from '../support/large-feed.ts';
import type { Bench, Figure } from './bench.ts';
import type { PeakMemory } from './process-memory.ts';
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
      const memory = [...highest(peaks)].map(
        ([name, bytes]): Figure => ({
          bench: 'large-feed',
          what: `peak resident memory of ${name}`,
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

/** What takes part, by what stands in its command line; the first that fits. */
const parts = [
  ['npm start, with the embedded AWS', 'scripts/local.ts'],
  ['esbuild', 'esbuild'],
  ['a job', 'main.mjs'],
  ['a Lambda', 'bootstrap.mjs'],
] as const;

/** The highest of each part that takes part; a process that is none of them goes by its command line. */
function highest(peaks: readonly PeakMemory[]): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  for (const { command, bytes } of peaks) {
    const name = parts.find(([, sign]) => command.includes(sign))?.[0] ?? command;
    byName.set(name, Math.max(bytes, byName.get(name) ?? 0));
  }
  return byName;
}
