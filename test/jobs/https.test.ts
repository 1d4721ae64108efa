import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseFeedMessage } from '../../jobs/messages/feed-message.ts';
import { type Certificate, makeCertificate, withoutOpenssl } from '../support/certificate.ts';
import { consumerVariables, lines, numbered, storeFeed, take } from '../support/consumer-runs.ts';
import { startHttpsFront } from '../support/https-front.ts';
import { runConsumer, runWatcher } from '../support/job-runs.ts';
import { type JobEnd, JobWorld } from '../support/job-world.ts';
import { answers, startMoodyServer } from '../support/moody-server.ts';
import { startScriptedDestination } from '../support/scripted-destination.ts';

const skip = withoutOpenssl;
const feed = numbered(3);
const token = 'hunter2-hunter2';

let world: JobWorld;
let certificate: Certificate;
before(async () => {
  if (skip !== false) return;
  certificate = makeCertificate();
  world = await JobWorld.start();
});
after(async () => {
  if (skip !== false) return;
  certificate[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

const variables = (url: string, type: string) => ({ FEED_URL: url, FEED_TYPE: type, AWS_BATCH_JOB_ID: 'job' });

/** A watcher in a process of its own, the only way to have it trust an authority more. */
const watch = (url: string, type: string): Promise<JobEnd> =>
  world.run('feed-watcher', {
    ...variables(url, type),
    JOB_XML_TAG: 'job',
    TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:start-feed-consumer',
    NODE_EXTRA_CA_CERTS: certificate.file,
  });

test('a feed behind a redirect from https to https is published', { skip }, async () => {
  await using server = await startMoodyServer();
  await using front = await startHttpsFront(certificate, server.origin);
  await using other = await startHttpsFront(certificate, server.origin);
  server.will(answers(302, { location: `${other.origin}/b` }), answers(200, {}, feed));
  const end = await watch(front.before(server.url), 'secure');
  assert.deepEqual([end.exitCode, end.last.event], [0, 'feed changed'], JSON.stringify(end));
  assert.deepEqual(
    server.asked.map(({ host }) => `https://${host}`),
    [front.origin, other.origin],
  );
  assert.equal(gunzipSync((await world.get('snapshots/secure/1-job.xml.gz')) ?? Buffer.alloc(0)).toString(), feed);
  assert.deepEqual(
    world.topic.published.map((message) => parseFeedMessage(message).type),
    ['secure'],
  );
});

test('a redirect from https to http fails the job, and nobody is asked without encryption', { skip }, async () => {
  await using server = await startMoodyServer();
  await using plain = await startMoodyServer();
  await using front = await startHttpsFront(certificate, server.origin);
  plain.will(answers(200, {}, feed));
  server.will(answers(301, { location: plain.url }));
  const { exitCode, last } = await watch(front.before(server.url), 'plain');
  assert.equal(exitCode, 1);
  assert.equal(
    last['error'],
    `fetching ${front.before(server.url)}: it redirects to ${plain.origin}, which is not encrypted; only https is followed from ${front.origin}`,
  );
  assert.deepEqual([server.asked.length, plain.asked.length], [1, 0]);
  assert.deepEqual(await world.keys('snapshots/plain/'), []);
});

test('batches go to an https address with the token', { skip }, async () => {
  await using destination = await startScriptedDestination(take);
  await using front = await startHttpsFront(certificate, new URL(destination.url).origin);
  const message = await storeFeed(world, 'sent', numbered(25));
  const end = await world.run('feed-consumer', {
    ...consumerVariables(message, front.before(destination.url), { DESTINATION_TOKEN: token }),
    NODE_EXTRA_CA_CERTS: certificate.file,
  });
  assert.deepEqual([end.exitCode, end.last.event], [0, 'feed delivered'], JSON.stringify(end));
  assert.deepEqual(destination.taken().sort(), lines(1, 25).sort());
  assert.deepEqual(
    destination.posted.map(({ headers: { authorization, host } }) => [authorization, `https://${host}`]),
    [1, 2, 3].map(() => [`Bearer ${token}`, front.origin]),
  );
});

test('a server with a certificate that is not trusted gets nothing, and the job fails at once', { skip }, async () => {
  await using destination = await startScriptedDestination(take);
  await using front = await startHttpsFront(certificate, new URL(destination.url).origin);
  const { host } = new URL(front.origin);
  const why = `the certificate of ${host} is not trusted (self-signed certificate); where its authority is your own, NODE_EXTRA_CA_CERTS must name a file of the job's image with the authority's certificate`;
  const message = await storeFeed(world, 'distrusted', numbered(1));
  const url = front.before(destination.url);
  const consumed = await runConsumer(world, consumerVariables(message, url, { DESTINATION_TOKEN: token }));
  assert.equal(consumed.exitCode, 1);
  assert.equal(
    consumed.last['error'],
    `delivering batch ${message.id}-0: ${why}; check DESTINATION_URL and what it expects`,
  );
  assert.deepEqual(destination.posted, []);

  await using server = await startMoodyServer();
  server.will(answers(200, {}, feed));
  await using feeds = await startHttpsFront(certificate, server.origin);
  // It would try again at once, were that of use.
  const watched = await runWatcher(world, variables(feeds.before(server.url), 'distrusted'), { delays: [0, 0] });
  assert.deepEqual(
    watched.events.map(({ event }) => event),
    ['job failed'],
  );
  assert.equal(
    watched.last['error'],
    `fetching ${feeds.before(server.url)}: ${why.replace(host, new URL(feeds.origin).host)}`,
  );
  assert.deepEqual(server.asked, []);
});

test('a trusted authority is not enough where the name is another', { skip }, async () => {
  await using server = await startMoodyServer();
  await using front = await startHttpsFront(certificate, server.origin);
  server.will(answers(200, {}, feed));
  const url = front.before(server.url).replace('127.0.0.1', 'localhost');
  const { exitCode, events, last } = await watch(url, 'misnamed');
  assert.deepEqual([exitCode, events.map(({ event }) => event)], [1, ['watch started', 'job failed']]);
  // Nothing of authorities: this one is known.
  assert.match(
    String(last['error']),
    /^fetching https:.*: the certificate of localhost:\d+ is not trusted \(Hostname\/IP does not match [^;]*\)$/,
  );
  assert.deepEqual(server.asked, []);
});
