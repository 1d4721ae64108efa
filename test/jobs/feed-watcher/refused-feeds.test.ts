import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { closed, listening } from '../../../scripts/local/loopback.ts';
import { type RunEnd, runWatcher } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { feedText, sharedFeeds, withoutSharedFeeds } from '../../support/shared-feeds.ts';

const good = '<s><job/></s>';
let world: JobWorld;
let server: Server;
let url: string;
/** What the publisher does with the next request. */
let respond: (response: ServerResponse) => void;

before(async () => {
  world = await JobWorld.start();
  server = createServer((_, response) => respond(response));
  url = `${await listening(server, 0)}/feed`;
  sends(good);
  assert.equal((await watch('job-1')).exitCode, 0);
});
after(async () => {
  await closed(server);
  await world[Symbol.asyncDispose]();
});

const watch = (job: string): Promise<RunEnd> =>
  runWatcher(world, { FEED_URL: url, FEED_TYPE: 'refused', AWS_BATCH_JOB_ID: job });

function sends(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}, status = 200): void {
  respond = (response) => response.writeHead(status, headers).end(body);
}

/** The job fails with one error event, and nothing is different afterwards: state, snapshots, uploads, messages. */
async function assertRefused(
  reason: RegExp,
  position?: { readonly line: number; readonly column: number },
): Promise<void> {
  const state = String(await world.get('state/refused.json'));
  const { exitCode, events, last } = await watch('job-2');
  assert.equal(exitCode, 1, JSON.stringify(events));
  assert.deepEqual(
    events.map(({ event }) => event),
    ['job failed'],
  );
  assert.match(String(last['error']), reason);
  if (position !== undefined) assert.deepEqual({ line: last['line'], column: last['column'] }, position);
  assert.equal(String(await world.get('state/refused.json')), state);
  assert.deepEqual(await world.keys('snapshots/'), ['snapshots/refused/1-job-1.xml.gz']);
  const { Uploads } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket: world.bucket }));
  assert.deepEqual(Uploads ?? [], []);
  assert.equal(world.topic.published.length, 1);
}

test('gzip that is cut off is refused, as a file and as a content encoding', async () => {
  const cut = gzipSync(`<s>${'<job>text</job>'.repeat(500)}</s>`).subarray(0, -12);
  sends(cut);
  await assertRefused(/its gzip is damaged or cut off/);
  sends(cut, { 'content-encoding': 'gzip' });
  await assertRefused(/its gzip is damaged or cut off/);
});

test('a body that ends before its length is refused', async () => {
  respond = (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write(good);
    setImmediate(() => response.destroy());
  };
  await assertRefused(/broke off after 13 of 1000 bytes/);
});

test('XML that is cut off, malformed, an HTML page or in a wrong encoding is refused with its place', async () => {
  sends('<s>\n<job>');
  await assertRefused(/it ends before <\/job> at line 2, column 6/, { line: 2, column: 6 });
  sends('<!doctype html>\n<html><br></html>'.replace('doctype', 'DOCTYPE'));
  await assertRefused(/it is an HTML page/);
  sends(Buffer.from('<s><job>\xff</job></s>', 'latin1'));
  await assertRefused(/bytes that are not UTF-8 \(0xFF\), and it declares no encoding at line 1, column 9/, {
    line: 1,
    column: 9,
  });
  sends('<?xml version="1.0" encoding="klingon"?><s/>');
  await assertRefused(/its encoding "klingon" is not known/);
});

test('the process says so in one error event and exits with 1', async () => {
  sends('<s>\n<job>');
  const { exitCode, events, last, stderr } = await world.run('feed-watcher', {
    FEED_URL: `${url}?key=secret`,
    FEED_TYPE: 'refused',
    JOB_XML_TAG: 'job',
    TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:topic',
  });
  assert.deepEqual([exitCode, stderr], [1, '']);
  assert.deepEqual(
    events.map(({ event }) => event),
    ['watch started', 'job failed'],
  );
  const { offset, ...told } = last;
  assert.deepEqual(told, {
    event: 'job failed',
    error: `the feed is refused: it is not well-formed XML, it ends before </job> at line 2, column 6; it came from ${url}`,
    type: 'refused',
    url,
    line: 2,
    column: 6,
  });
});

test('answers that are no feed are refused by their status', async () => {
  sends('gone', {}, 404);
  await assertRefused(/the server answered 404/);
  sends('', { location: '/feed' }, 302);
  await assertRefused(/more than 5 redirects/);
  sends(good, { 'content-encoding': 'br' });
  await assertRefused(/content encoding "br" was not asked for/);
});

test('an upload of several parts is aborted when the feed breaks at its end', async () => {
  const noise = randomBytes(13 * 1024 * 1024).toString('base64');
  sends(`<s><job>${noise}</job></z>`);
  await assertRefused(/<\/z> where <\/s> is expected/);
});

test('the published feeds that are broken are refused at the place that other parsers name', {
  skip: withoutSharedFeeds,
}, async () => {
  const places = [
    ['recruityard-feed-0b65cb87.xml', 8],
    ['recruityard-careerjet-14fcfd03.xml', 4],
    ['recruityard-jobrapido-1beac906.xml', 45],
  ] as const;
  for (const [file, line] of places) {
    sends(feedText(join(sharedFeeds, 'broken', file)));
    await assertRefused(new RegExp(`it is not well-formed XML, .* at line ${line}, column \\d+`));
  }
});
