import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeVariedFeed } from '../support/varied-feed.ts';
import type { Bench, Figure } from './bench.ts';

const run = promisify(execFile);
const megabyte = 1_000_000;
const times = 7;

/** What is done with the bytes of a feed as they come out of its gzip. */
const passes = ['gunzip and SHA-256 alone', 'the same and well-formedness, records counted'] as const;
type Pass = (typeof passes)[number];

interface Measured {
  readonly bytes: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** In a process of its own, whose memory is that of the pass. */
const script = (path: string, pass: Pass): string => `
  import { createReadStream } from 'node:fs';
  import { createHash } from 'node:crypto';
  const { inflated } = await import('./jobs/xml/inflation.ts');
  const { peakMemory } = await import('./jobs/process/peak-memory.ts');
  const { DocumentChecker } = await import('./jobs/xml/document-checker.ts');
  const checker = ${pass === passes[1]} ? new DocumentChecker('job') : undefined;
  const hash = createHash('sha256');
  const begun = performance.now();
  let bytes = 0;
  for await (const chunk of inflated(createReadStream('${path}', { highWaterMark: 256 * 1024 }))) {
    bytes += chunk.length;
    hash.update(chunk);
    checker?.write(chunk);
  }
  hash.digest();
  checker?.end();
  const seconds = (performance.now() - begun) / 1_000;
  console.log(JSON.stringify({ bytes, seconds, peakBytes: peakMemory() }));
`;

async function measure(path: string, pass: Pass): Promise<Measured> {
  const args = ['--import', 'tsx/esm', '--input-type=module', '--eval', script(path, pass)];
  const { stdout } = await run(process.execPath, args);
  const { bytes, seconds, peakBytes }: Record<string, unknown> = JSON.parse(stdout);
  return { bytes: Number(bytes), seconds: Number(seconds), peakBytes: Number(peakBytes) };
}

const speed = ({ bytes, seconds }: Measured): number => bytes / megabyte / seconds;

export const watcher: Bench = {
  name: 'watcher',
  about: `what the watcher does with each byte of a gzipped feed of 200 MB (best of ${times}, by turns)`,
  async run(say) {
    const directory = await mkdtemp(join(tmpdir(), 'bench-watcher-'));
    try {
      const feed = join(directory, 'feed.xml.gz');
      await writeVariedFeed(feed, 200 * megabyte);
      say('the feed is written');
      const best = new Map<Pass, Measured>();
      for (let n = 0; n < times * passes.length; n++) {
        const pass = passes[n % passes.length] ?? passes[0];
        const measured = await measure(feed, pass);
        say(`${pass}: ${Math.round(speed(measured))} MB/s`);
        const known = best.get(pass);
        if (known === undefined || measured.seconds < known.seconds) best.set(pass, measured);
      }
      return figuresOf(passes.flatMap((pass) => best.get(pass) ?? []));
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

function figuresOf([alone, checked]: readonly Measured[]): readonly Figure[] {
  if (alone === undefined || checked === undefined) throw new Error('a pass was not measured');
  const figure = { bench: 'watcher' } as const;
  return [
    { ...figure, what: passes[0], value: speed(alone), unit: 'MB/s' },
    { ...figure, what: passes[1], value: speed(checked), unit: 'MB/s' },
    {
      ...figure,
      what: 'the latter as a part of the former',
      value: (100 * speed(checked)) / speed(alone),
      unit: '%',
      aim: '≥ 80 %',
    },
    { ...figure, what: 'peak resident memory', value: checked.peakBytes / megabyte, unit: 'MB', aim: '< 150 MB' },
  ];
}
