import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Destination } from '../../../jobs/feed-consumer/destinations/destination.ts';
import { bytesBody } from '../../../jobs/feed-consumer/destinations/http-body.ts';
import { httpDestination } from '../../../jobs/feed-consumer/destinations/http-destination.ts';
import { Environment } from '../../../jobs/process/environment.ts';

const answerHeard = 'http.client.response.finish';
/** Turns of the event loop in which a client that has an answer may act upon it. */
const turns = 20;

interface HastyService extends AsyncDisposable {
  readonly destination: Destination;
  /** The body of its one request, as it came in. */
  readonly body: Promise<Buffer>;
}

/**
 * A service that answers as soon as it hears of a request, and looks at the body only when the client has the answer and
 * had time to act upon it. Then it reads slowly, or does something else.
 */
async function startHastyService(
  answer: string,
  format: string,
  afterwards: (socket: Socket, begun: Buffer) => Promise<Buffer> = readSlowly,
): Promise<HastyService> {
  const heard = new EventEmitter();
  const onAnswer = (): boolean => heard.emit('answer');
  subscribe(answerHeard, onAnswer);
  const server = createServer();
  const serve = async (): Promise<Buffer> => {
    const [socket]: Socket[] = await once(server, 'connection');
    assert.ok(socket);
    const [begun]: Buffer[] = await once(socket, 'data');
    assert.ok(begun);
    socket.pause();
    const hasAnswer = once(heard, 'answer');
    socket.write(answer);
    await hasAnswer;
    for (let at = 0; at < turns; at++) await turn();
    return await afterwards(socket, begun);
  };
  const body = serve();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const environment = new Environment({ DESTINATION_FORMAT: format, DESTINATION_TIMEOUT: '10' });
  const open = httpDestination(environment, new URL(`http://127.0.0.1:${address.port}`));
  environment.check();
  const about = { id: 'm', feedType: 'sample', kind: 'full', snapshot: 'm' } as const;
  const unknown = { sequence: undefined, records: undefined, part: undefined };
  const destination = open({ ...about, ...unknown, abort: new AbortController().signal });
  const close = async (): Promise<void> => {
    unsubscribe(answerHeard, onAnswer);
    server.close();
  };
  return { destination, body, [Symbol.asyncDispose]: close };
}

/** All of a body whose length is told, a chunk in each turn. */
async function readSlowly(socket: Socket, begun: Buffer): Promise<Buffer> {
  const begin = begun.indexOf('\r\n\r\n') + 4;
  const length = Number(/content-length: (\d+)/i.exec(begun.toString('latin1'))?.[1]);
  const chunks = [begun.subarray(begin)];
  let missing = length - (chunks[0]?.length ?? 0);
  for await (const chunk of socket) {
    await turn();
    assert.ok(Buffer.isBuffer(chunk));
    chunks.push(chunk);
    missing -= chunk.length;
    if (missing <= 0) break;
  }
  return Buffer.concat(chunks);
}

/** More than the sockets of both sides hold. */
const line = `${JSON.stringify({ n: 'x'.repeat(1_000) })}\n`;
const records = 16_000;
const parcelOf = (bytes: Uint8Array) => ({ key: 'm-0', body: bytesBody(bytes), records, batch: 0 });
const taken = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

for (const [format, expected] of [
  ['ndjson', line.repeat(records)],
  ['json', `[${line.repeat(records).trimEnd().replaceAll('\n', ',')}]`],
] as const)
  test(`what a service takes before it has read it goes out as it was, to the last byte: ${format}`, async () => {
    await using service = await startHastyService(taken, format);
    const bytes = Buffer.from(line.repeat(records));
    const answer = await service.destination.send(parcelOf(bytes));
    // Other records lie in their place from here on.
    bytes.fill('#');
    assert.deepEqual(answer, { kind: 'accepted', refused: [] });
    assert.equal(Buffer.from(expected).compare(await service.body), 0);
  });

test('what a service says it takes, and then does not read, is not taken', async () => {
  await using service = await startHastyService(taken, 'ndjson', async (socket, begun) => {
    socket.destroy();
    return begun;
  });
  const answer = await service.destination.send(parcelOf(Buffer.from(line.repeat(records))));
  assert.ok(answer.kind === 'busy');
  assert.match(answer.reason, /^it answered 200 before it had all of the batch, and did not take the rest/);
});

test('a service that wants to go on in another protocol has not answered', async () => {
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
  await using service = await startHastyService(switching, 'ndjson');
  const answer = await service.destination.send(parcelOf(Buffer.from(line)));
  assert.deepEqual(answer, { kind: 'busy', cause: 'network', reason: 'it closed the connection without an answer' });
});
