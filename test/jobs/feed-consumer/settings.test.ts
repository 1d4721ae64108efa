import assert from 'node:assert/strict';
import test from 'node:test';
import { mostRejectsOf } from '../../../jobs/feed-consumer/progress/allowance.ts';
import { destinationName, readSettings } from '../../../jobs/feed-consumer/settings.ts';

const variables = {
  DOWNLOAD_MESSAGE: '{"type":"lovelive","jobXmlTag":"job","gzipped":true,"emptyCDATA":false}',
  BUCKET: 'feeds',
  DESTINATION_URL: 'http://127.0.0.1:1/in',
};

test('parallelism, batch size and the time to stop in have defaults', () => {
  const { parallelism, batchSize, stopTime } = readSettings(variables);
  assert.deepEqual({ parallelism, batchSize, stopTime }, { parallelism: 4, batchSize: 100, stopTime: 20_000 });
  assert.equal(readSettings({ ...variables, PARALLELISM: '15' }).parallelism, 15);
});

test('rejects may be a tenth of a feed, or 10,000; what is set is meant exactly', () => {
  const most = (records: number, MAX_REJECTS?: string): number =>
    mostRejectsOf(readSettings({ ...variables, MAX_REJECTS }).mostRejects, records);
  assert.deepEqual([most(5), most(100_000), most(400_000)], [10_000, 10_000, 40_000]);
  assert.deepEqual([most(250, '2.5%'), most(1_000_000, '20'), most(7, '0'), most(7, '100%')], [6, 20, 0, 7]);
  // In floating point each of them allows one less.
  assert.deepEqual([most(100, '29%'), most(100, '57%'), most(100_000, '0.7%')], [29, 57, 700]);
  for (const MAX_REJECTS of ['101%', '-1', 'few', '1.5', '%', '9'.repeat(20)])
    assert.throws(() => readSettings({ ...variables, MAX_REJECTS }), {
      message: new RegExp(`environment: MAX_REJECTS "${MAX_REJECTS}" must be a whole number, [^";]*; set it`),
    });
});

test('everything wrong with the environment is said at once', () => {
  assert.throws(
    () => readSettings({ PARALLELISM: '0', BATCH_SIZE: 'many', STOP_SECONDS: '26', DESTINATION_URL: 'ftp://x' }),
    {
      name: 'JobError',
      message:
        /DOWNLOAD_MESSAGE is missing; BUCKET is missing; DESTINATION_URL "ftp:\/\/x…" must begin with one of: http, https, s3; PARALLELISM "0" must be a whole number from 1 to 64; BATCH_SIZE "many" must be .*; STOP_SECONDS "26" must be a whole number from 1 to 25/,
    },
  );
});

test('a delivery that is asked for once more cannot be called as another one of the same snapshot', () => {
  assert.equal(readSettings({ ...variables, AGAIN: 'deltas' }).again, 'deltas');
  for (const AGAIN of ['delta', 'whole'])
    assert.throws(() => readSettings({ ...variables, AGAIN }), {
      message: new RegExp(`AGAIN "${AGAIN}" is what other deliveries are called; take another word`),
    });
});

test('an address with a password is refused without telling it', () => {
  const secret = { ...variables, DESTINATION_URL: 'https://user:hunter2@example.com/' };
  assert.throws(
    () => readSettings(secret),
    (error) => error instanceof Error && !error.message.includes('hunter2'),
  );
});

test('a bucket whose prefix has a stray "%" is refused, and how to write one is said', () => {
  for (const prefix of ['50%', '%zz', '%ff'])
    assert.throws(() => readSettings({ ...variables, DESTINATION_URL: `s3://out/${prefix}` }), {
      name: 'JobError',
      message: /DESTINATION_URL must have each "%" of its prefix written as "%25"/,
    });
  readSettings({ ...variables, DESTINATION_URL: 's3://out/50%25' });
});

test('a checkpoint tells destinations apart without telling what an address asks for', () => {
  const nameOf = (address: string): string => destinationName(new URL(address));
  for (const address of ['https://example.com/in', 'https://example.com/hunter2/in?key=hunter2'])
    assert.match(nameOf(address), /^https:\/\/example\.com\/[0-9a-f]{16}$/);
  assert.notEqual(nameOf('https://example.com/a'), nameOf('https://example.com/b'));
  assert.notEqual(nameOf('https://example.com/in?key=a'), nameOf('https://example.com/in?key=b'));
});
