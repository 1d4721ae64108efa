import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startDestination } from '../../scripts/local/destination.ts';

/** A destination of the test's own, in a folder of its own, and what posts to it. */
async function started(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'destination-'));
  const destination = await startDestination({ directory });
  t.after(async () => {
    await destination[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });
  const post = (body: string | Uint8Array<ArrayBuffer>, key?: string): Promise<Response> =>
    fetch(destination.url, { method: 'POST', body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  return { directory, destination, post };
}

test('records are stored as they came, one a line, whatever ends the batch', async (t) => {
  const { directory, destination, post } = await started(t);
  assert.equal((await post('{"a": 1}\n"é"\n', 'k-0')).status, 200);
  assert.equal((await post('[2]', 'k-1')).status, 200);
  assert.deepEqual(destination.received(), { records: 3, batches: 2, repeats: 0, bytes: 18 });
  await destination[Symbol.asyncDispose]();
  assert.equal(readFileSync(join(directory, 'records.ndjson'), 'utf8'), '{"a": 1}\n"é"\n[2]\n');
});

test('a batch that comes again, even at the same time, is acknowledged and stored once', async (t) => {
  const { destination, post } = await started(t);
  const answers = await Promise.all(Array.from({ length: 5 }, () => post('1\n2\n', 'same')));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
  assert.deepEqual(destination.received(), { records: 2, batches: 1, repeats: 4, bytes: 4 });
});

test('batches of many requests at once never mix their lines', async (t) => {
  const { destination, post } = await started(t);
  const batch = (n: number): string => `${JSON.stringify({ n, text: 'x'.repeat(20_000) })}\n`.repeat(5);
  await Promise.all(Array.from({ length: 40 }, (_, n) => post(batch(n), `k-${n}`)));
  await destination[Symbol.asyncDispose]();
  const numbers = readFileSync(destination.file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): number => JSON.parse(line).n);
  assert.equal(numbers.length, 200);
  for (let at = 0; at < numbers.length; at += 5) assert.equal(new Set(numbers.slice(at, at + 5)).size, 1);
});

test('a batch that is not UTF-8, with a line that is not JSON, or without a key, is refused whole', async (t) => {
  const { destination, post } = await started(t);
  const wrong = await post('1\n{oops\n', 'k');
  assert.equal(wrong.status, 400);
  assert.match(await wrong.text(), /line 2 of the batch is not JSON/);
  assert.equal((await post('1\n')).status, 400);
  assert.equal((await fetch(destination.url)).status, 405);
  assert.equal((await post(Uint8Array.of(0x22, 0xff, 0x22), 'latin')).status, 400);
  assert.equal(destination.received().records, 0);
});
