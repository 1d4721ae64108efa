import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FeedExchange } from '../../../jobs/feed-watcher/download/feed-exchange.ts';
import { type Patience, patience } from '../../../jobs/feed-watcher/download/patience.ts';
import { type RunEnd, runWatcher } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import {
  answers,
  breaksAfter,
  drips,
  keepsSilent,
  type MoodyServer,
  servesAtMost,
  servesRange,
  startMoodyServer,
} from '../../support/moody-server.ts';

let world: JobWorld;
let server: MoodyServer;
before(async () => {
  world = await JobWorld.start();
  server = await startMoodyServer();
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** As patient as ever, but quickly so. */
const quick: Partial<Patience> = { ...patience, delays: [0, 0] };
const feed = Buffer.from(`<s>${Array.from({ length: 5_000 }, (_, n) => `<job>${n}</job>`).join('')}</s>`);

/** Another version of the feed. */
const older = Buffer.from(feed.toString().replace('<s>', '<s><job>old</job>'));

async function watch(type: string, limits: Partial<Patience> = quick): Promise<RunEnd> {
  return await runWatcher(world, { FEED_URL: server.url, FEED_TYPE: type, AWS_BATCH_JOB_ID: 'job' }, limits);
}

const troubles = ({ events }: RunEnd): string[] =>
  events.flatMap(({ event, reason }) => (event === 'feed server trouble' ? [String(reason)] : []));

async function assertStored(type: string, end: RunEnd): Promise<void> {
  assert.equal(end.exitCode, 0, JSON.stringify(end.events));
  assert.equal(end.last.event, 'feed changed');
  assert.deepEqual(gunzipSync((await world.get(`snapshots/${type}/1-job.xml.gz`)) ?? Buffer.alloc(0)), feed);
}

async function assertRefused(type: string, reason: RegExp, limits?: Partial<Patience>): Promise<RunEnd> {
  const end = await watch(type, limits);
  assert.equal(end.exitCode, 1, JSON.stringify(end.events));
  assert.match(String(end.last['error']), reason);
  assert.deepEqual(await world.keys(`snapshots/${type}/`), []);
  return end;
}

test('what may pass is asked for again, and what will not is refused at once', async () => {
  server.will(answers(522), answers(429), answers(200, {}, feed));
  const end = await watch('passes');
  await assertStored('passes', end);
  assert.deepEqual(
    troubles(end).map((reason) => /answered \d+/.exec(reason)?.[0]),
    ['answered 522', 'answered 429'],
  );
  server.will(answers(500));
  await assertRefused('fails', /the server answered 500; if it goes on, ask those who run it$/);
  assert.equal(server.asked.length, 3);
  for (const [status, reason] of [
    [404, /the server answered 404: there is no feed at this address; check FEED_URL/],
    [410, /the server answered 410: there is no feed at this address/],
    [401, /the server answered 401; check what FEED_URL holds to be let in/],
    [302, /the server answered 302 and no other address; check FEED_URL/],
    [204, /the server answered 204, and a feed comes with 200; see what "curl -i" gets from FEED_URL/],
  ] as const) {
    server.will(answers(status));
    await assertRefused('fails', reason);
    assert.equal(server.asked.length, 1);
  }
});

test('a server that asks to be left alone for longer than there is time is not asked again', async () => {
  server.will(answers(503, { 'retry-after': 0 }), answers(503, { 'retry-after': 86_401 }));
  await assertRefused('busy', /the server answered 503, and asks to come back in 86401 s;/);
  assert.equal(server.asked.length, 2);
});

test('a server that wants to go on in another protocol has not answered', async () => {
  server.will((response) => response.writeHead(101, { connection: 'upgrade', upgrade: 'x' }).end());
  await assertRefused('upgrade', /^fetching \S+: it closed the connection without an answer; if it goes on, see/);
});

test('a server that is not there is tried again, then told with the network’s reason', async () => {
  const variables = { FEED_URL: 'http://127.0.0.1:1/feed?key=secret', FEED_TYPE: 'away', AWS_BATCH_JOB_ID: 'job' };
  const end = await runWatcher(world, variables, quick);
  assert.equal(troubles(end).length, 2);
  assert.equal(
    end.last['error'],
    'fetching http://127.0.0.1:1/feed: connect ECONNREFUSED 127.0.0.1:1; if it goes on, see whether FEED_URL is answered elsewhere: then it is the network here',
  );
  assert.ok(!JSON.stringify(end.events).includes('secret'));
});

test('with an entity tag, strong or weak, or a date a download that is not needed is spared; without either the content tells', async () => {
  const [modified, date] = ['Sun, 01 Mar 2026 03:00:00 GMT', 'Sun, 01 Mar 2026 03:00:09 GMT'];
  for (const [type, headers, condition] of [
    ['strong', { etag: '"v1"' }, ['"v1"', undefined]],
    ['weak', { etag: 'W/"v1"' }, ['W/"v1"', undefined]],
    ['dated', { date, 'last-modified': modified }, [undefined, modified]],
  ] as const) {
    server.will(answers(200, headers, feed), answers(304));
    await assertStored(type, await watch(type));
    assert.equal((await watch(type)).last['reason'], 'not modified');
    const asked = server.asked[1];
    assert.deepEqual([asked?.['if-none-match'], asked?.['if-modified-since']], condition);
  }
  server.will(answers(200, {}, feed), answers(200, {}, feed), answers(304));
  await assertStored('bare', await watch('bare'));
  assert.equal((await watch('bare')).last['reason'], 'same content');
  assert.match(String((await watch('bare')).last['error']), /the server answered 304/);
  assert.equal(server.asked[2]?.['if-none-match'], undefined);
});

test('a download that breaks off goes on where it did, as often as it must', async () => {
  for (const [type, headers, version] of [
    ['etag', { etag: '"v1"' }, '"v1"'],
    [
      'date',
      { date: 'Sun, 01 Mar 2026 03:00:09 GMT', 'last-modified': 'Sun, 01 Mar 2026 03:00:00 GMT' },
      'Sun, 01 Mar 2026 03:00:00 GMT',
    ],
  ] as const) {
    server.will(breaksAfter(10_000, feed, headers), servesRange(feed, headers, 20_000), servesRange(feed, headers));
    const end = await watch(`on-${type}`);
    await assertStored(`on-${type}`, end);
    assert.deepEqual(
      server.asked.map(({ range }) => range),
      [undefined, 'bytes=10000-', 'bytes=30000-'],
    );
    assert.deepEqual(
      server.asked.slice(1).map((asked) => asked['if-range']),
      [version, version],
    );
    assert.match(troubles(end)[0] ?? '', /^the download broke off after 10000 of \d+ bytes/);
  }
});

test('a server that gives less than it was asked for is asked on, whether or not it said the length at first', async () => {
  const headers = { etag: '"v1"' };
  for (const [type, first] of [
    ['known', breaksAfter(10_000, feed, headers)],
    ['unknown', breaksAfter(10_000, feed, { ...headers, 'transfer-encoding': 'chunked' })],
  ] as const) {
    server.will(first, servesAtMost(30_000, feed, headers));
    await assertStored(`less-${type}`, await watch(`less-${type}`));
    assert.deepEqual(
      server.asked.map(({ range }) => range),
      [undefined, 'bytes=10000-', 'bytes=40000-', 'bytes=70000-'],
    );
  }
});

test('two versions never become one, though a server does not heed If-Range', async () => {
  const date = 'Sun, 01 Mar 2026 03:00:09 GMT';
  const [yesterday, today] = ['Sat, 28 Feb 2026 03:00:00 GMT', 'Sun, 01 Mar 2026 03:00:00 GMT'];
  const alike = Buffer.from(feed.toString().replaceAll('<job>1', '<job>2'));
  const weak = { etag: 'W/"v1"' };
  for (const [type, first, rest] of [
    ['tag', breaksAfter(9_000, alike, { etag: '"v1"' }), servesRange(feed, { etag: '"v2"' })],
    [
      'date',
      breaksAfter(9_000, alike, { date, 'last-modified': yesterday }),
      servesRange(feed, { 'last-modified': today }),
    ],
    ['length', breaksAfter(9_000, older, { etag: '"v1"' }), servesRange(feed, { etag: '"v1"' })],
    ['nameless', breaksAfter(9_000, alike, { etag: '"v1"' }), servesRange(feed)],
    // A weak tag may stand for both, so the rest is not even asked for.
    ['weak', breaksAfter(9_000, alike, weak), servesRange(feed, weak)],
  ] as const) {
    const whole = answers(200, {}, feed);
    const restOrWhole: typeof whole = (response, headers, path) =>
      ('range' in headers ? rest : whole)(response, headers, path);
    server.will(first, restOrWhole, whole);
    const end = await watch(`mixed-${type}`);
    await assertStored(`mixed-${type}`, end);
    assert.equal(end.events.filter(({ begins }) => begins === 'anew').length, 1, type);
  }
});

test('a part that has other bytes than its place says counts for nothing, nor does all before it', async () => {
  const headers = { etag: '"v1"' };
  const cut = feed.indexOf('<job>2000</job>');
  const part = (from: number, last: number, total: number | '*' = feed.length): ReturnType<typeof answers> => {
    const place = { 'content-range': `bytes ${cut}-${last}/${total}`, 'transfer-encoding': 'chunked' };
    return answers(206, { ...headers, ...place }, feed.subarray(from));
  };
  const [early, late] = [feed.indexOf('<job>1990</job>'), feed.indexOf('<job>2010</job>')];
  for (const [type, lie] of [
    // All of these are whole documents, with other records than the feed's.
    ['early', part(early, feed.length - 1)],
    ['early-unknown', part(early, feed.length - 1, '*')],
    ['late', part(late, feed.length - 1)],
    ['beyond', part(late, feed.length)],
    ['backwards', part(late, cut - 1)],
  ] as const) {
    server.will(
      breaksAfter(cut, feed, { ...headers, 'transfer-encoding': 'chunked' }),
      lie,
      answers(200, headers, feed),
    );
    const end = await watch(`lie-${type}`);
    await assertStored(`lie-${type}`, end);
    assert.equal(end.events.filter(({ begins }) => begins === 'anew').length, 1, type);
  }
});

test('a gzipped transfer goes on too', async () => {
  const packed = gzipSync(feed);
  const headers = { etag: '"z"', 'content-encoding': 'gzip' };
  server.will(breaksAfter(2_000, packed, headers), servesRange(packed, headers));
  await assertStored('packed', await watch('packed'));
});

test('without a strong tag, or where the version is no longer there, a download is begun anew', async () => {
  const whole = answers(200, { etag: '"v2"' }, feed);
  for (const [type, first, ...rest] of [
    ['weak-tag', breaksAfter(9_000, older, { etag: 'W/"v1"' }), whole],
    ['no-tag', breaksAfter(9_000, feed), whole],
    ['no-ranges', breaksAfter(9_000, feed, { etag: '"v1"', 'accept-ranges': 'none' }), whole],
    ['new-version', breaksAfter(9_000, older, { etag: '"v1"' }), whole, whole],
    [
      'odd-range',
      breaksAfter(9_000, feed, { etag: '"v1"' }),
      answers(206, { 'content-range': 'bytes 8999-9999/10000' }, 'x'),
      whole,
    ],
    ['not-satisfiable', breaksAfter(9_000, feed, { etag: '"v1"' }), answers(416), whole],
  ] as const) {
    server.will(first, ...rest);
    const end = await watch(type);
    await assertStored(type, end);
    assert.equal(end.events.filter(({ begins }) => begins === 'anew').length, 1, type);
  }
});

test('a server that never gets through is given up', async () => {
  server.will(breaksAfter(10, feed));
  await assertRefused('never', /the download broke off after 10 of \d+ bytes \(aborted\)/);
  assert.equal(server.asked.length, patience.beginnings);
  const headers = { etag: '"v1"' };
  server.will(breaksAfter(100, feed, headers), servesRange(feed, headers, 100));
  await assertRefused('hardly', /the download broke off after 600 of \d+ bytes/, { ...quick, beginnings: 1 });
  assert.equal(server.asked.length, 1 + patience.resumptions);
});

test('a length that is not the content’s is never published', async () => {
  server.will(answers(200, { 'content-length': feed.length - 10 }, feed));
  await assertRefused('short', /broke off|it ends before <\/s>|not well-formed/);
  server.will((response) => {
    response.writeHead(200, { 'content-length': feed.length + 10 }).write(feed);
    setImmediate(() => response.destroy());
  });
  await assertRefused('long', /the download broke off after \d+ of \d+ bytes/);
});

test('gzip is taken as a content encoding, as a file, and as both', async () => {
  const packed = gzipSync(feed);
  const encoding = { 'content-encoding': 'gzip' };
  for (const [type, name] of [
    ['empty-encoding', ''],
    ['no-encoding', 'none'],
    ['character-set', 'UTF-8'],
    ['two-encodings', 'gzip, identity'],
  ] as const) {
    server.will(answers(200, { 'content-encoding': name }, type === 'two-encodings' ? packed : feed));
    await assertStored(type, await watch(type));
  }
  server.will(answers(200, encoding, packed), answers(200, {}, packed), answers(200, encoding, gzipSync(packed)));
  await assertStored('encoded', await watch('encoded'));
  await assertStored('file', await watch('file'));
  const both = await watch('both');
  assert.equal(both.last['bytes'], feed.length);
  // Stored as it came, which the consumer unwraps as the watcher did.
  const stored = (await world.get('snapshots/both/1-job.xml.gz')) ?? Buffer.alloc(0);
  assert.deepEqual(gunzipSync(gunzipSync(stored)), feed);
});

test('a page in the place of the feed is called by its title', async () => {
  server.will(
    answers(
      200,
      { 'content-type': 'text/html' },
      '<!DOCTYPE html>\n<html><head><title>Please\n log in</title><meta></head></html>',
    ),
  );
  await assertRefused(
    'page',
    /^the feed is refused: it is an HTML page, "Please log in"; it came from http:\/\/127.0.0.1:\d+\/feed$/,
  );
  server.will(answers(200, {}, '<html><head><title>Down &lt;for now&gt;</title></head><body/></html>'));
  await assertRefused('page', /it is an HTML page, "Down &lt;for now&gt;";/);
  server.will(answers(200, {}, '<!-- x --><html><br></html>'));
  await assertRefused('page', /it is an HTML page;/);
  // A page may repeat what the server was sent.
  server.will(answers(200, {}, '<html><title>No /feed?key=q%20secret for me:pass&amp;word</title></html>'));
  const secretive = server.url.replace('//', '//me:pass%26word@');
  const { last } = await runWatcher(world, { FEED_URL: `${secretive}?key=q%20secret`, FEED_TYPE: 'page' });
  assert.match(String(last['error']), /it is an HTML page, "No \/feed… for me:\*\*\*";/);
});

test('nothing at all is said to be nothing', async () => {
  for (const body of ['', gzipSync('')]) {
    server.will(answers(200, {}, body));
    await assertRefused('empty', /^the feed is refused: it is empty; it came from \S+$/);
  }
});

test('a server that drips, is silent or does not come to an end is left within bounds', async () => {
  server.will(drips(5));
  await assertRefused('drips', /only \d+ bytes a second come, and less than 1000 are not waited for/, {
    ...quick,
    window: 100,
    total: 10_000,
  });
  await assertRefused('endless', /it was not all there after 0.2 s/, { ...quick, total: 200 });
  server.will(keepsSilent);
  // Long enough for its head to come on a machine that has much else to do.
  await assertRefused('silent', /broke off after 0 bytes \(nothing came for 0.2 s\)/, { ...quick, silence: 200 });
  server.will(() => {});
  const mute = await assertRefused('mute', /no answer within 0.05 s/, { ...quick, silence: 50 });
  assert.equal(troubles(mute).length, 2);
});

test('redirects are followed, not for ever, not to other protocols and never from https to http', async () => {
  server.will(
    answers(302, { location: '/a' }),
    answers(308, { location: `${server.origin}/b` }),
    answers(200, {}, feed),
  );
  await assertStored('moved', await watch('moved'));
  server.will(answers(301, { location: '/feed' }));
  await assertRefused('circle', /more than 5 redirects/);
  server.will(answers(301, { location: 'ftp://example.com/feed' }));
  await assertRefused('circle', /it redirects to ftp:\/\/example.com, which is not HTTP/);
  for (const location of ['http://[', 'http://me:100%@127.0.0.1/']) {
    server.will(answers(301, { location }));
    await assertRefused('circle', /it redirects to what is not a URL/);
  }
});

test('an address with a user that cannot be sent is refused with the way to write it', async () => {
  const { last } = await runWatcher(world, { FEED_URL: 'http://me:100%@127.0.0.1/', FEED_TYPE: 'percent' });
  assert.match(String(last['error']), /: FEED_URL must have each "%" of its user and password written as "%25";/);
});

test('from https nothing but https is followed', async () => {
  const exchange = new FeedExchange(new URL('https://feeds.example/a'), { ...patience, total: 1_000 }, () => {});
  assert.throws(() => exchange.redirectTarget(new URL('https://feeds.example/a'), 'http://feeds.example/b'), {
    name: 'JobError',
    message:
      /it redirects to http:\/\/feeds.example, which is not encrypted; only https is followed from https:\/\/feeds.example/,
  });
  assert.equal(exchange.redirectTarget(new URL('https://feeds.example/a'), '/b').href, 'https://feeds.example/b');
  assert.equal(
    exchange.redirectTarget(new URL('http://feeds.example/a'), 'https://b.example/').href,
    'https://b.example/',
  );
});
