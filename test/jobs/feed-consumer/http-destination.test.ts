import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import type { Answer, Destination } from '../../../jobs/feed-consumer/destinations/destination.ts';
import { bytesBody } from '../../../jobs/feed-consumer/destinations/http-body.ts';
import { httpDestination } from '../../../jobs/feed-consumer/destinations/http-destination.ts';
import { Environment } from '../../../jobs/process/environment.ts';
import { closed, listening } from '../../../scripts/local/loopback.ts';
import { take } from '../../support/consumer-runs.ts';
import { drips, startMoodyServer } from '../../support/moody-server.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../../support/scripted-destination.ts';

type Variables = Readonly<Record<string, string>>;

const token = 'hunter2-hunter2';
const parcel = { key: 'm-0', body: bytesBody(Buffer.from('{"n":"1"}\n{"n":"é,\\n"}\n')), records: 2, batch: 0 };

function opened(url: string, variables: Variables = {}, abort = new AbortController()): Destination {
  const environment = new Environment(variables);
  const open = httpDestination(environment, new URL(url));
  environment.check();
  return open({ ...delivery, abort: abort.signal });
}

const delivery = {
  id: 'm-1',
  feedType: 'sample',
  kind: 'delta',
  snapshot: 'm',
  sequence: 7,
  records: 40,
  part: { index: 1, of: 3 },
} as const;

/** What the destination makes of one reaction of the service, and what the service saw. */
async function answered(
  reaction: Reaction,
  variables: Variables = {},
  place = '/in',
): Promise<{ answer: Answer; posted: Posted }> {
  await using service = await startScriptedDestination(() => reaction);
  const answer = await opened(new URL(place, service.url).href, variables).send(parcel);
  const [posted] = service.posted;
  assert.ok(posted);
  return { answer, posted };
}

test('a batch goes out as NDJSON, or as one array, with its key and its type', async () => {
  const { answer, posted } = await answered(take());
  assert.deepEqual(answer, { kind: 'accepted', refused: [] });
  assert.deepEqual(posted.lines, ['{"n":"1"}', '{"n":"é,\\n"}']);
  const { headers } = posted;
  assert.deepEqual([headers['idempotency-key'], headers['x-feed-type']], ['m-0', 'sample']);
  assert.deepEqual([headers['content-type'], headers['authorization']], ['application/x-ndjson', undefined]);
  const about = ['delivery', 'snapshot', 'sequence', 'records', 'part', 'batch', 'end'];
  assert.deepEqual(
    about.map((name) => headers[`x-feed-${name}`]),
    ['delta', 'm', '7', '40', '1/3', '0', undefined],
  );
  const array = await answered(take(), { DESTINATION_FORMAT: 'json' });
  assert.deepEqual([array.posted.headers['content-type'], array.posted.lines], ['application/json', posted.lines]);
});

test('the token goes out as a bearer, or alone in the header that is named', async () => {
  const bearer = await answered(take(), { DESTINATION_TOKEN: token });
  assert.equal(bearer.posted.headers['authorization'], `Bearer ${token}`);
  const header = await answered(take(), { DESTINATION_TOKEN: token, DESTINATION_HEADER: 'X-Api-Key' });
  assert.deepEqual([header.posted.headers['x-api-key'], header.posted.headers['authorization']], [token, undefined]);
});

test('a service that repeats the token in its answer does not get it into a reason, not even the beginning of it', async () => {
  const body = `${'x'.repeat(295)}${token}`;
  const { answer } = await answered({ does: 'answer', status: 401, body }, { DESTINATION_TOKEN: token });
  assert.deepEqual(answer, { kind: 'hopeless', reason: `it answered 401: ${'x'.repeat(295)}***` });
  const rejected = [{ index: 1, reason: `not for ${token}` }];
  const part = await answered({ does: 'refuse lines', rejected }, { DESTINATION_TOKEN: token });
  assert.deepEqual(part.answer, { kind: 'accepted', refused: [{ index: 1, reason: 'not for ***' }] });
});

test('neither the token nor the place in the address gets into a reason, however the service writes them', async () => {
  const odd = 'ab"c\\d&e/f g';
  const place = '/in/hook-7f3a?key=s3cr&e%20t';
  const inJson = JSON.stringify({ a: odd, b: 'at /in/hook-7f3a?key=s3cr' })
    .replaceAll('&', '\\u0026')
    .replaceAll('/', '\\/');
  const html = 'at /in/hook-7f3a?key=s3cr&amp;e%20t, ab&quot;c\\d&amp;e/f g';
  for (const text of [
    `as ${odd}`,
    inJson,
    `${encodeURIComponent(odd)}`,
    html,
    new URLSearchParams({ odd }).toString(),
  ]) {
    const { answer } = await answered({ does: 'answer', status: 400, body: text }, { DESTINATION_TOKEN: odd }, place);
    assert.ok(answer.kind === 'refused');
    assert.doesNotMatch(answer.reason, /ab|f g|hook|s3cr/, text);
    assert.match(answer.reason, /\*\*\*/);
  }
  const rejected = [{ index: 1, reason: `${odd} sent to ${place}` }];
  const part = await answered({ does: 'refuse lines', rejected }, { DESTINATION_TOKEN: odd }, place);
  assert.deepEqual(part.answer, { kind: 'accepted', refused: [{ index: 1, reason: '*** sent to …' }] });
});

test('complaints about the settings never show a secret', () => {
  const refused = (url: string, variables: Variables): string => {
    try {
      opened(url, variables);
    } catch (error) {
      assert.ok(error instanceof Error);
      assert.doesNotMatch(error.message, /hunter2/);
      return error.message;
    }
    return 'not refused';
  };
  assert.match(refused('http://u:hunter2@127.0.0.1/', {}), /DESTINATION_URL must hold no user and no password/);
  assert.match(refused('http://127.0.0.1/', { DESTINATION_TOKEN: 'hunter2\r\nx: y' }), /DESTINATION_TOKEN must match/);
  assert.match(
    refused('http://example.com/', { DESTINATION_TOKEN: token }),
    /would go to example\.com without encryption; use an https address/,
  );
  assert.match(refused('http://127.0.0.1/', { DESTINATION_HEADER: 'X-Key' }), /and DESTINATION_TOKEN is missing/);
  assert.match(
    refused('http://127.0.0.1/', { DESTINATION_FORMAT: 'xml', DESTINATION_HEADER: 'a b', DESTINATION_TOKEN: token }),
    /DESTINATION_HEADER "a b" must match .*DESTINATION_FORMAT "xml" must be one of: ndjson, json/,
  );
});

test('what a service does is told as an answer, with a short cause where it may pass', async () => {
  const answerTo = async (reaction: Reaction): Promise<unknown> => (await answered(reaction)).answer;
  const status = (code: number, more: Partial<Extract<Reaction, { does: 'answer' }>> = {}): Promise<unknown> =>
    answerTo({ does: 'answer', status: code, ...more });
  assert.deepEqual(await status(429, { headers: { 'retry-after': '7' } }), {
    kind: 'busy',
    cause: '429',
    reason: 'it answered 429',
    retryAfter: 7_000,
  });
  const later = new Date(Date.now() + 60_000).toUTCString();
  const dated = await status(503, { headers: { 'retry-after': later } });
  assert.ok(typeof dated === 'object' && dated !== null && 'retryAfter' in dated);
  assert.ok(Number(dated.retryAfter) > 50_000 && Number(dated.retryAfter) <= 60_000, String(dated.retryAfter));
  assert.deepEqual(await status(500, { body: 'oops' }), {
    kind: 'busy',
    cause: '500',
    reason: 'it answered 500: oops',
  });
  assert.deepEqual(await status(413), { kind: 'refused', reason: 'it answered 413' });
  assert.deepEqual(await status(302, { headers: { location: '/' } }), { kind: 'hopeless', reason: 'it answered 302' });
  for (const does of ['break', 'take and break', 'take and answer half'] as const) {
    const answer = await answerTo({ does });
    assert.ok(typeof answer === 'object' && answer !== null && 'cause' in answer, does);
    assert.equal(answer.cause, 'reset', does);
  }
});

test('where an answer is cut, no beginning of the token is left', async () => {
  const told = 'x'.repeat(990);
  // Whatever is cut of a reason is cut later.
  const body = JSON.stringify({
    rejected: [
      { index: 0, reason: told + token },
      { index: 1, detail: told + token },
    ],
  });
  const { answer } = await answered({ does: 'answer', status: 207, body }, { DESTINATION_TOKEN: token });
  const [text, detail] = [`${told}***`, `{"detail":"${told}***"}`];
  assert.deepEqual(answer, {
    kind: 'accepted',
    refused: [
      { index: 0, reason: text },
      { index: 1, reason: detail },
    ],
  });
  const beginning = `${' '.repeat(16 * 1024 - 8)}${token}`;
  const long = await answered({ does: 'answer', status: 401, body: beginning }, { DESTINATION_TOKEN: token });
  assert.deepEqual(long.answer, { kind: 'hopeless', reason: 'it answered 401: …' });
});

test('a 207 that is cut off may pass, one that names no records of the batch may not', async () => {
  const kindOf = async (body: string): Promise<string> =>
    (await answered({ does: 'answer', status: 207, body })).answer.kind;
  assert.equal(await kindOf('{"rejected":[{"index":1,'), 'busy');
  assert.equal(await kindOf('{"rejected":[{"index":2,"reason":"no"}]}'), 'hopeless');
  assert.equal(await kindOf('[]'), 'hopeless');
  assert.equal(await kindOf('{"rejected":[]}'), 'accepted');
});

test('a 207 that is longer than what is read is no answer to try again for', async () => {
  const rejected = [{ index: 0, reason: 'x'.repeat(2 * 1024 * 1024) }];
  const { answer } = await answered({ does: 'refuse lines', rejected });
  assert.equal(answer.kind, 'hopeless');
  assert.match('reason' in answer ? answer.reason : '', /^it answered 207 with more than 2097152 bytes.* BATCH_SIZE/);
});

test('a service that says nothing, or drips its answer, is given up after the time-out, one that is gone at once', {
  timeout: 20_000,
}, async () => {
  await using dripping = await startMoodyServer();
  dripping.will(drips(50));
  const soon = { DESTINATION_TIMEOUT: '1' };
  const late = [
    answered({ does: 'say nothing' }, soon).then(({ answer }) => answer),
    opened(dripping.url, soon).send(parcel),
  ];
  for (const answer of await Promise.all(late))
    assert.deepEqual(answer, { kind: 'busy', cause: 'timeout', reason: 'no whole answer within 1 s' });
  let url: string;
  {
    await using service = await startScriptedDestination(take);
    url = service.url;
  }
  const gone = await opened(url).send(parcel);
  assert.ok(gone.kind === 'busy');
  assert.deepEqual(gone.cause, 'ECONNREFUSED');
});

test('a body that is refused before all of it was sent is refused, and not a connection that broke', async () => {
  const server = createServer((request, response) => {
    response.writeHead(413, { connection: 'close' }).end('too large', () => request.socket.end());
  });
  const url = await listening(server, 0);
  try {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 0x20);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => opened(url).send({ ...parcel, body: bytesBody(bytes) })),
    );
    for (const answer of answers) assert.deepEqual(answer, { kind: 'refused', reason: 'it answered 413: too large' });
  } finally {
    await closed(server);
  }
});

test('a body that cannot be read is not waited for', async () => {
  await using service = await startScriptedDestination(take);
  const body = {
    length: 100,
    async *pieces() {
      yield Buffer.from('{}');
      throw new Error('the file is gone');
    },
  };
  const answer = await opened(service.url).send({ ...parcel, body });
  assert.deepEqual(answer, { kind: 'busy', cause: 'network', reason: 'the file is gone' });
  assert.deepEqual(service.posted, []);
});

test('an https address is spoken to in TLS', async () => {
  await using service = await startScriptedDestination(take);
  const answer = await opened(service.url.replace('http:', 'https:')).send(parcel);
  assert.ok(answer.kind === 'busy');
  assert.match(answer.reason, /SSL/);
  assert.deepEqual(service.posted, []);
});

test('what is under way is cut off when told to', async () => {
  const abort = new AbortController();
  await using service = await startScriptedDestination(() => {
    abort.abort();
    return { does: 'say nothing' };
  });
  const destination = opened(service.url, {}, abort);
  await assert.rejects(destination.send(parcel), { name: 'AbortError' });
  await assert.rejects(destination.send(parcel), { name: 'AbortError' });
  assert.equal(service.posted.length, 1);
});
