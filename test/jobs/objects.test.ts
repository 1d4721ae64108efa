import assert from 'node:assert/strict';
import test from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { s3Client } from '../../jobs/process/clients.ts';
import { readText, removeObjects, replaceText } from '../../jobs/process/objects.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';

test('a text is replaced only where it is what was read: not one that somebody has written, or removed, since', async (t) => {
  await using aws = await startLocalAws();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = s3Client({ region: 'us-east-1', credentials, endpoint: aws.endpoint, forcePathStyle: true });
  t.after(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: 'feeds' }));
  const place = { s3, bucket: 'feeds', key: 'state/a.json' };
  const first = await replaceText(place, '1', undefined);
  assert.ok(first !== undefined);
  assert.equal(await replaceText(place, '2', undefined), undefined, 'there is one already');
  const second = await replaceText(place, '2', first);
  assert.ok(second !== undefined);
  assert.equal(await replaceText(place, '3', first), undefined, 'somebody wrote since');
  assert.deepEqual(await readText(place), { text: '2', etag: second });
  await removeObjects(s3, 'feeds', [place.key]);
  assert.equal(await replaceText(place, '3', second), undefined, 'somebody removed it');
  assert.equal(await readText(place), undefined);
  await assert.rejects(replaceText({ ...place, bucket: 'none' }, '1', undefined), { name: 'NoSuchBucket' });
});
