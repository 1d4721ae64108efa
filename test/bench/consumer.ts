import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { JsonFields } from '../../jobs/messages/json-fields.ts';
import { bundle } from '../../scripts/build/bundle.ts';
import { jobFlags, jobVariables } from '../support/job-flags.ts';
import { writeVariedFeed } from '../support/varied-feed.ts';
import type { Bench, Figure } from './bench.ts';
import type { FeedFacts } from './consumer/whole-consumer.ts';

const run = promisify(execFile);
const megabyte = 1_000_000;
const times = 3;
const isBig = process.argv.includes('--big');
const feedBytes = (isBig ? 1_000 : 200) * megabyte;
/** The longest string of V8 is shorter than the big feed. */
const wholeDocuments: ReadonlySet<string> = new Set(isBig ? ['xml2js'] : []);

const node = ['env', ...jobVariables('feed-consumer'), process.execPath, ...jobFlags('feed-consumer')] as const;

/** What runs, over the plain feed or the zipped one. */
interface Contender {
  readonly name: string;
  readonly what: string;
  readonly zipped: boolean;
  readonly command: readonly [string, ...string[]];
  readonly aim?: string;
}

interface Outcome {
  readonly seconds: number;
  readonly records: number;
  readonly peak: number;
}

export const consumer: Bench = {
  name: 'consumer',
  about: `records of a feed of ${feedBytes / megabyte} MB to JSON, side by side with other parsers (best of ${times}; --big: 1 GB)`,
  async run(say) {
    const directory = await mkdtemp(join(tmpdir(), 'bench-consumer-'));
    try {
      const feed = join(directory, 'feed.xml');
      const facts = await prepare(feed);
      say(`${facts.records} records in ${facts.bytes} bytes`);
      const script = join(directory, 'run-peer.mjs');
      await writeFile(script, await bundle('test/bench/consumer/run-peer.ts'));
      const best = await race(await contenders(script, say), feed, facts, say);
      return [...best].flatMap(([contender, outcome]) => figuresOf(contender, outcome, facts)).concat(ratios(best));
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

/** Writes the feed, plain and zipped, and what is to be told of it. */
async function prepare(feed: string): Promise<FeedFacts> {
  const { records } = await writeVariedFeed(feed, feedBytes);
  const hash = createHash('sha256');
  await pipeline(createReadStream(feed), hash);
  await pipeline(createReadStream(feed), createGzip(), createWriteStream(`${feed}.gz`));
  const facts = { records, bytes: (await stat(feed)).size, sha256: hash.digest('hex') };
  await writeFile(`${feed}.json`, JSON.stringify(facts));
  return facts;
}

async function contenders(script: string, say: (progress: string) => void): Promise<readonly Contender[]> {
  const own = (name: string, what: string, zipped: boolean, peer = name): Contender => ({
    ...{ name, what, zipped, command: [...node, script, peer] },
  });
  const python = process.env['PYTHON'] ?? 'python3';
  const all: readonly Contender[] = [
    own('consumer', 'the consumer, from plain XML', false),
    own('consumer.gz', 'the consumer, from .gz', true, 'consumer'),
    own('gunzip', "Node's gunzip alone", true),
    { name: 'lxml', what: 'Python lxml', zipped: false, command: [python, 'test/bench/consumer/lxml_peer.py'] },
    own('saxes', 'saxes', false),
    own('htmlparser2', 'htmlparser2', false),
    own('sax', 'sax', false),
    own('xml2js', 'xml2js, the whole document', false),
  ];
  const skipped = new Set(wholeDocuments);
  try {
    await run(python, ['-c', 'import lxml']);
  } catch (error) {
    say(`lxml is left out: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)}`);
    skipped.add('lxml');
  }
  for (const name of wholeDocuments) say(`${name} is left out: it cannot take a document of this size`);
  return all.filter(({ name }) => !skipped.has(name));
}

/** The best of several rounds; each round runs all of them once, so that a slow minute of the machine hits none alone. */
async function race(
  all: readonly Contender[],
  feed: string,
  facts: FeedFacts,
  say: (progress: string) => void,
): Promise<ReadonlyMap<Contender, Outcome>> {
  const best = new Map<Contender, Outcome>();
  for (let round = 1; round <= times; round++) {
    for (const contender of all) {
      const outcome = await runOnce(contender, contender.zipped ? `${feed}.gz` : feed, facts);
      const before = best.get(contender);
      const peak = Math.max(outcome.peak, before?.peak ?? 0);
      best.set(contender, {
        ...outcome,
        peak,
        seconds: Math.min(outcome.seconds, before?.seconds ?? Number.POSITIVE_INFINITY),
      });
    }
    say(`round ${round}: ${[...best].map(([{ name }, { seconds }]) => `${name} ${seconds.toFixed(2)} s`).join(', ')}`);
  }
  return best;
}

async function runOnce(
  { name, command: [program, ...args] }: Contender,
  file: string,
  facts: FeedFacts,
): Promise<Outcome> {
  const { stdout } = await run(program, [...args, file]);
  const read = JsonFields.parse(`what ${name} printed`, stdout);
  const outcome = {
    seconds: read.count('microseconds') / 1e6,
    records: read.count('records'),
    peak: read.count('peak'),
  };
  read.check();
  if (name !== 'gunzip' && outcome.records !== facts.records)
    throw new Error(`${name} found ${outcome.records} records of ${facts.records}`);
  return outcome;
}

function figuresOf({ what, name }: Contender, { seconds, peak }: Outcome, { bytes }: FeedFacts): readonly Figure[] {
  const aim = name.startsWith('consumer') ? { aim: '< 120 MB' } : {};
  return [
    { bench: 'consumer', what, value: bytes / megabyte / seconds, unit: 'MB/s' },
    { bench: 'consumer', what: `${what}: peak memory`, value: peak / megabyte, unit: 'MB', ...aim },
  ];
}

function ratios(best: ReadonlyMap<Contender, Outcome>): readonly Figure[] {
  const secondsOf = (name: string): number | undefined => [...best].find(([each]) => each.name === name)?.[1].seconds;
  const ratio = (what: string, slower: string, faster: string, aim: string): readonly Figure[] => {
    const [more, less] = [secondsOf(slower), secondsOf(faster)];
    return more === undefined || less === undefined
      ? []
      : [{ bench: 'consumer', what, value: more / less, unit: '×', aim }];
  };
  return [
    ...ratio('plain XML, against lxml', 'lxml', 'consumer', '≥ 5 ×'),
    ...ratio('from .gz, against gunzip alone', 'gunzip', 'consumer.gz', '≥ 0.8 ×'),
  ];
}
