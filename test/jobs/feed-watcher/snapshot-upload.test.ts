import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { uploadSnapshot } from '../../../jobs/feed-watcher/snapshot-upload.ts';
import { JobWorld } from '../../support/job-world.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

/** A feed that hardly compresses and goes on for as long as somebody reads it. */
async function* endlessFeed(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('<s><job/>');
  for (;;) yield Buffer.from(randomBytes(100_000).toString('base64'));
}

test("when S3 refuses a part the upload ends with S3's reason, not with that of the stream that broke off", async () => {
  world.s3.middlewareStack.add((next, { commandName }) => (args) => {
    if (commandName === 'UploadPartCommand') throw new Error('access denied');
    return next(args);
  });
  const place = { s3: world.s3, bucket: world.bucket, key: 'refused.xml.gz' };
  await assert.rejects(
    uploadSnapshot(place, endlessFeed(), 'job', () => true),
    { message: 'access denied' },
  );
});
