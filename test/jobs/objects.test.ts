import assert from 'node:assert/strict';
import test from 'node:test';
import { readText, removeObjects, replaceText } from '../../jobs/process/objects.ts';
import { JobWorld } from '../support/job-world.ts';

test('a text is replaced only where it is what was read: not one that somebody has written, or removed, since', async () => {
  await using world = await JobWorld.start();
  const { s3, bucket } = world;
  const place = { s3, bucket, key: 'state/a.json' };
  const first = await replaceText(place, '1', undefined);
  assert.ok(first !== undefined);
  assert.equal(await replaceText(place, '2', undefined), undefined, 'there is one already');
  const second = await replaceText(place, '2', first);
  assert.ok(second !== undefined);
  assert.equal(await replaceText(place, '3', first), undefined, 'somebody wrote since');
  assert.deepEqual(await readText(place), { text: '2', etag: second });
  await removeObjects(s3, bucket, [place.key]);
  assert.equal(await replaceText(place, '3', second), undefined, 'somebody removed it');
  assert.equal(await readText(place), undefined);
  await assert.rejects(replaceText({ ...place, bucket: 'none' }, '1', undefined), { name: 'NoSuchBucket' });
});
