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

/** A feed that hardly compresses: 12 MB of gzip, hence two parts. */
async function* feed(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('<s><job/>');
  for (let piece = 0; piece < 120; piece++) yield Buffer.from(randomBytes(100_000).toString('base64'));
  yield Buffer.from('</s>');
}

for (const refused of ['CreateMultipartUploadCommand', 'UploadPartCommand', 'CompleteMultipartUploadCommand'])
  test(`when S3 refuses ${refused} the upload fails with S3's reason`, async () => {
    world.s3.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === refused) throw new Error(`access denied to ${refused}`);
          return next(args);
        },
      { name: 'refusing', override: true },
    );
    const place = { s3: world.s3, bucket: world.bucket, key: 'refused.xml.gz' };
    await assert.rejects(
      uploadSnapshot(place, feed(), 'job', () => true),
      { message: `access denied to ${refused}` },
    );
  });
