import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type BucketFixture, bucketFor } from './bucket-fixture.ts';

async function filled(fixture: BucketFixture, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await fixture.s3.send(new PutObjectCommand({ Bucket: fixture.Bucket, Key, Body: Key }));
}

/** Keys and, ending in a slash, common prefixes of each page. */
async function pagesOf({ s3, Bucket }: BucketFixture, input: Partial<ListObjectsV2CommandInput>): Promise<string[][]> {
  const pages: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
    const keys = (page.Contents ?? []).map(({ Key = '' }) => Key);
    const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix);
    assert.equal(page.KeyCount, keys.length + prefixes.length);
    pages.push([...keys, ...prefixes].sort());
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return pages;
}

test('a listing pages through keys and common prefixes, each once', async (t) => {
  const fixture = await bucketFor(t);
  await filled(fixture, ['a', 'b/1', 'b/2', 'b/c/3', 'c', 'd/1', 'e']);
  assert.deepEqual(await pagesOf(fixture, {}), [['a', 'b/1', 'b/2', 'b/c/3', 'c', 'd/1', 'e']]);
  assert.deepEqual(await pagesOf(fixture, { Delimiter: '/' }), [['a', 'b/', 'c', 'd/', 'e']]);
  assert.deepEqual(await pagesOf(fixture, { Delimiter: '/', MaxKeys: 2 }), [['a', 'b/'], ['c', 'd/'], ['e']]);
  assert.deepEqual(await pagesOf(fixture, { Delimiter: '/', MaxKeys: 1 }), [['a'], ['b/'], ['c'], ['d/'], ['e']]);
  assert.deepEqual(await pagesOf(fixture, { Prefix: 'b/', Delimiter: '/' }), [['b/1', 'b/2', 'b/c/']]);
  assert.deepEqual(await pagesOf(fixture, { Prefix: 'b/', MaxKeys: 2 }), [['b/1', 'b/2'], ['b/c/3']]);
  assert.deepEqual(await pagesOf(fixture, { StartAfter: 'b/2' }), [['b/c/3', 'c', 'd/1', 'e']]);
  assert.deepEqual(await pagesOf(fixture, { Prefix: 'none' }), [[]]);
  assert.deepEqual(await pagesOf(fixture, { MaxKeys: 0 }), [[]]);
});

test('the older listing pages by marker', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  await filled(fixture, ['a', 'b/1', 'b/2', 'c']);
  const first = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
  assert.deepEqual([first.NextMarker, first.IsTruncated], ['b/', true]);
  const second = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }));
  assert.deepEqual(
    second.Contents?.map(({ Key }) => Key),
    ['c'],
  );
});

test('keys that XML cannot carry are listed percent-encoded on request', async (t) => {
  const fixture = await bucketFor(t);
  await filled(fixture, ['a b+c/ключ', 'bell\u0007']);
  const { Contents = [], EncodingType } = await fixture.s3.send(
    new ListObjectsV2Command({ Bucket: fixture.Bucket, EncodingType: 'url' }),
  );
  assert.equal(EncodingType, 'url');
  assert.deepEqual(
    Contents.map(({ Key }) => Key),
    ['a+b%2Bc/%D0%BA%D0%BB%D1%8E%D1%87', 'bell%07'],
  );
});

test('a false continuation token is refused', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?' })), {
    name: 'InvalidArgument',
  });
});

async function versioned(fixture: BucketFixture, Status: 'Enabled' | 'Suspended'): Promise<void> {
  const { s3, Bucket } = fixture;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

test('with versioning a write keeps what was there, and a delete hides it under a marker', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  const read = async (VersionId?: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }))).Body?.transformToString();
  const write = async (Body: string) => (await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body }))).VersionId;
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined);
  await write('before');
  await versioned(fixture, 'Enabled');
  const [one, two] = [await write('one'), await write('two')];
  assert.notEqual(one, two);
  assert.deepEqual([await read(), await read(one), await read('null')], ['two', 'one', 'before']);

  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  assert.equal(marker.DeleteMarker, true);
  await assert.rejects(read(), { name: 'NoSuchKey' });
  await assert.rejects(read(marker.VersionId), { name: 'MethodNotAllowed' });
  assert.equal(await read(two), 'two');
  await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket })), { name: 'BucketNotEmpty' });

  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId }));
  assert.equal(await read(), 'two');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: two }));
  assert.equal(await read(), 'one');
  await assert.rejects(read(two), { name: 'NoSuchVersion' });
});

test('with versioning suspended the version "null" is replaced and the others stay', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  await versioned(fixture, 'Enabled');
  await filled(fixture, ['a']);
  await versioned(fixture, 'Suspended');
  await filled(fixture, ['a', 'a']);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  assert.deepEqual(
    Versions.map(({ VersionId, IsLatest }) => [VersionId === 'null', IsLatest]),
    [
      [true, true],
      [false, false],
    ],
  );
});

test('versions and markers are listed newest first for each key, in pages that may end between two versions', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  await versioned(fixture, 'Enabled');
  await filled(fixture, ['a', 'b', 'b', 'b', 'c/1']);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const seen: string[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (let truncated = true; truncated; ) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, ...markers }));
    seen.push(
      ...(page.Versions ?? []).map(({ Key, IsLatest }) => `${Key}${IsLatest ? ' latest' : ''}`),
      ...(page.DeleteMarkers ?? []).map(({ Key, IsLatest }) => `${Key} marker${IsLatest ? ' latest' : ''}`),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    );
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    truncated = page.IsTruncated ?? false;
  }
  assert.deepEqual(seen, ['a marker latest', 'a', 'b latest', 'b', 'b', 'c/']);
});
