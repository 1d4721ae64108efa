import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { z } from 'zod';
import { loadConfig } from '../../scripts/config/load.ts';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { xml2jsRecords } from '../support/shared-feeds.ts';
import { LocalProcess } from './local-process.ts';

/** What a program may rely on in the summary. */
const Summary = z.object({
  version: z.literal(1),
  outcome: z.literal('succeeded'),
  problems: z.array(z.string()),
  applied: z.object({ resources: z.int().positive(), milliseconds: z.int() }),
  days: z.array(
    z.object({
      day: z.int(),
      begins: z.int(),
      feed: z.string(),
      firings: z.array(z.object({ at: z.int(), jobName: z.string() })),
      runs: z.array(
        z.object({
          jobDefinition: z.string(),
          status: z.string(),
          exitCode: z.int(),
          createdAt: z.int(),
          event: z.object({ event: z.string(), type: z.string().optional() }),
        }),
      ),
      deadLetters: z.int(),
      delivered: z.object({ records: z.int(), bytes: z.int() }),
    }),
  ),
  delivered: z.object({ records: z.int(), bytes: z.int(), file: z.string() }),
});
type Day = z.infer<typeof Summary>['days'][number];

const storyOf = ({ day, feed, runs }: Day) => [
  day,
  feed,
  // A team that has jobs and feeds of its own sees them here as well.
  ...runs
    .filter(({ event }) => event.type === 'broadbean')
    .map((run) => `${run.jobDefinition} ${run.status} ${run.exitCode}: ${run.event.event}`),
];

/** Milliseconds after midnight at which config has the feed looked at, every day. */
function timeOfDay(): number {
  const { config } = loadConfig({ directory: 'config', environment: 'local' });
  const { cron = '' } = config.schedules['broadbean'] ?? {};
  const [, minute, hour] = /^(\d+) (\d+) \* \* \? \*$/.exec(cron) ?? assert.fail(`"${cron}" is not once a day`);
  return (Number(hour) * 60 + Number(minute)) * 60_000;
}

/** What an independent parser finds in a day's feed, as lines of JSON in an order that says nothing. */
const recordsOf = (day: 1 | 3): string[] =>
  xml2jsRecords(sampleFeed(day).toString('utf8'), ['job']).map((record) => JSON.stringify(record));

test('the story delivers each record of a new and of a changed feed once, and nothing of an unchanged one', async (t) => {
  const process = new LocalProcess(t, ['start', '--json']);
  const { code, out, err } = await process.ended;
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  const summary = Summary.parse(JSON.parse(out));

  await t.test('the days go as promised', () => {
    assert.deepEqual(summary.problems, []);
    const watched = 'local-feed-watcher SUCCEEDED 0: feed';
    const consumed = 'local-feed-consumer SUCCEEDED 0: feed delivered';
    assert.deepEqual(summary.days.map(storyOf), [
      [1, 'new', `${watched} changed`, consumed],
      [2, 'unchanged', `${watched} unchanged`],
      [3, 'changed', `${watched} changed`, consumed],
    ]);
  });

  await t.test('each schedule fires at its cron time, once a day', () => {
    for (const { begins, firings, deadLetters, runs } of summary.days) {
      const at = begins + timeOfDay();
      const ofTheFeed = firings.filter(({ jobName }) => jobName === 'Lambda-Broadbean');
      assert.deepEqual(ofTheFeed, [{ at, jobName: 'Lambda-Broadbean' }]);
      assert.equal(deadLetters, 0);
      assert.ok((runs[0]?.createdAt ?? 0) >= at);
    }
  });

  await t.test('the destination holds what xml2js finds in the two feeds, each record once', () => {
    const lines = readFileSync(join(process.output, 'records.ndjson'), 'utf8').split('\n');
    assert.equal(lines.pop(), '');
    const [first, third] = [recordsOf(1), recordsOf(3)];
    assert.ok(first.length > 300 && third.length !== first.length);
    assert.deepEqual(lines.slice(0, first.length).sort(), first.sort());
    assert.deepEqual(lines.slice(first.length).sort(), third.sort());
    assert.deepEqual(
      summary.days.map(({ delivered }) => delivered.records),
      [first.length, 0, third.length],
    );
    assert.equal(summary.delivered.records, lines.length);
  });

  await t.test('summary.json is what was printed', () => {
    assert.equal(readFileSync(join(process.output, 'summary.json'), 'utf8'), out);
  });

  await t.test('no process and no temporary file is left', () => process.assertNothingLeft());
});
