import { createServer } from 'node:http';
import { closed, listening } from '../../scripts/local/loopback.ts';
import { consumerVariables, storeFeed } from '../support/consumer-runs.ts';
import { ended, JobWorld } from '../support/job-world.ts';
import type { Bench, Figure } from './bench.ts';

const megabyte = 1_000_000;
const recordBytes = 60 * megabyte;

/** What the records are made of, again and again. */
const contents: Readonly<Record<string, string>> = {
  'one text': 'some text ',
  'millions of elements': '<a>12345</a>',
  'mixed content': '<a>1</a> text <b x="1"><c>2</c>&amp;</b>',
  '4,000 names': Array.from({ length: 4_000 }, (_, index) => `<name${index}>${index}</name${index}>`).join(''),
  'a text for xml2js': 'some text &#0065; ',
};

export const largeRecords: Bench = {
  name: 'large-records',
  about: `the consumer with two records of ${recordBytes / megabyte} MB each: how long, and how much memory`,
  async run(say) {
    await using world = await JobWorld.start();
    const service = createServer((request, response) => request.resume().on('end', () => response.end()));
    const url = await listening(service, 0);
    try {
      const figures: Figure[] = [];
      for (const [what, content] of Object.entries(contents)) {
        say(what);
        figures.push(...(await figuresOf(world, what, content, url)));
      }
      say('to a bucket');
      return [
        ...figures,
        ...(await figuresOf(world, 'one text, to a bucket', 'some text ', `s3://${world.bucket}/out`)),
      ];
    } finally {
      await closed(service);
    }
  },
};

async function figuresOf(world: JobWorld, what: string, content: string, url: string): Promise<readonly Figure[]> {
  const record = `<job><content>${content.repeat(recordBytes / content.length)}</content></job>`;
  // A feed of its own: one that follows another of its feed lets that come to its end first.
  const message = await storeFeed(world, what.replaceAll(/\W+/g, '-'), `<s>${record}<job>small</job>${record}</s>`);
  const variables = { ...consumerVariables(message, url), PARALLELISM: '64', AGAIN: 'bench' };
  const { last, stderr } = await ended(await world.start('feed-consumer', variables));
  if (last.event !== 'feed delivered') throw new Error(`the job failed: ${JSON.stringify(last)} ${stderr}`);
  const figure = { bench: 'large-records', what };
  return [
    { ...figure, value: Number(last['milliseconds']) / 1_000, unit: 's' },
    {
      ...figure,
      what: `${what}: peak memory`,
      value: Number(last['peakMemory']) / megabyte,
      unit: 'MB',
      aim: '< 120 MB',
    },
  ];
}
