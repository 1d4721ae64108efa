import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  DescribeImagesCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import type { TarEntry } from 'modern-tar';
import {
  createRepository,
  digestOf,
  ecrWorld,
  file,
  host,
  program,
  pushImage,
  start,
  uploadLayer,
} from './ecr-world.ts';

const repositoryName = 'jobs/hello';

test('a layer is uploaded in parts, checked by its digest, and downloaded again', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const bytes = Buffer.alloc(100_000, 'layer');
  const layerDigest = await uploadLayer(aws.client, bytes, 30_000);
  const layerDigests = [layerDigest, digestOf('absent')];
  const { layers } = await aws.client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));
  assert.deepEqual(
    layers?.map((each) => [each.layerAvailability, each.layerSize]),
    [
      ['AVAILABLE', 100_000],
      ['UNAVAILABLE', undefined],
    ],
  );
  const { downloadUrl = '' } = await aws.client.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
  );
  assert.deepEqual(Buffer.from(await (await fetch(downloadUrl)).arrayBuffer()), bytes);
  await assert.rejects(uploadLayer(aws.client, bytes), { name: 'LayerAlreadyExistsException' });
});

const openFilesIn = (directory: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    // The descriptor that lists the folder is gone when it is looked at.
    const path = `/proc/self/fd/${fd}`;
    return existsSync(path) && readlinkSync(path).startsWith(directory);
  }).length;

test('a download that breaks off leaves no file open', { skip: process.platform !== 'linux' }, async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const layerDigest = await uploadLayer(aws.client, Buffer.alloc(16 << 20, 'layer'));
  const { downloadUrl = '' } = await aws.client.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
  );
  const client = get(downloadUrl);
  const [response] = await once(client, 'response');
  await once(response, 'readable');
  assert.equal(openFilesIn(aws.world.directory), 1);
  client.destroy();
  const patience = Date.now() + 2_000;
  while (openFilesIn(aws.world.directory) > 0 && Date.now() < patience) await setImmediate();
  assert.equal(openFilesIn(aws.world.directory), 0);
});

test('a layer whose bytes do not have the digest is refused, and so are parts out of order', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const { uploadId } = await aws.client.send(new InitiateLayerUploadCommand({ repositoryName }));
  const part = (partFirstByte: number) =>
    new UploadLayerPartCommand({
      ...{ repositoryName, uploadId, partFirstByte, partLastByte: partFirstByte + 2 },
      layerPartBlob: Buffer.from('abc'),
    });
  await assert.rejects(aws.client.send(part(3)), { name: 'InvalidLayerPartException' });
  await aws.client.send(part(0));
  const complete = new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digestOf('other')] });
  await assert.rejects(aws.client.send(complete), { name: 'InvalidLayerException' });
});

test('an image cannot be put before its layers', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const part = { digest: digestOf('absent'), size: 1 };
  const imageManifest = JSON.stringify({ schemaVersion: 2, config: part, layers: [part] });
  await assert.rejects(aws.client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: 'a' })), {
    name: 'LayersNotFoundException',
  });
});

test('an image is found by tag and by digest, and described', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const imageDigest = await pushImage(aws.client, program('0'), 'a');
  const imageIds = [{ imageTag: 'a' }, { imageDigest }, { imageTag: 'none' }];
  const { images, failures } = await aws.client.send(new BatchGetImageCommand({ repositoryName, imageIds }));
  assert.deepEqual(
    images?.map((each) => each.imageId?.imageDigest),
    [imageDigest, imageDigest],
  );
  assert.equal(digestOf(images?.[0]?.imageManifest ?? ''), imageDigest);
  assert.deepEqual(
    failures?.map((each) => [each.imageId?.imageTag, each.failureCode]),
    [['none', 'ImageNotFound']],
  );
  const { imageDetails } = await aws.client.send(
    new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }),
  );
  const [detail] = imageDetails ?? [];
  assert.deepEqual([detail?.imageTags, detail?.imagePushedAt?.getTime()], [['a'], start]);
  await assert.rejects(
    aws.client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'none' }] })),
    { name: 'ImageNotFoundException', message: /imageTag:'none'/ },
  );
});

test('a tag moves to the image it is put on last, and the image without it stays by digest', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const first = await pushImage(aws.client, program('1'), 'latest');
  const second = await pushImage(aws.client, program('2'), 'latest');
  const { imageIds } = await aws.client.send(new ListImagesCommand({ repositoryName }));
  assert.deepEqual(imageIds, [{ imageDigest: first }, { imageDigest: second, imageTag: 'latest' }]);
  const tagged = await aws.client.send(new ListImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } }));
  assert.equal(tagged.imageIds?.length, 1);
});

test('the same image under the same tag exists already, and an immutable tag does not move', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws, { imageTagMutability: 'IMMUTABLE' });
  await pushImage(aws.client, program('1'), 'a');
  await assert.rejects(pushImage(aws.client, program('1'), 'a'), { name: 'ImageAlreadyExistsException' });
  await assert.rejects(pushImage(aws.client, program('2'), 'a'), { name: 'ImageTagAlreadyExistsException' });
});

test('deleting an image’s last tag deletes the image', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const imageDigest = await pushImage(aws.client, program('0'), 'a');
  const { imageIds, failures } = await aws.client.send(
    new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: 'a' }, { imageTag: 'b' }] }),
  );
  assert.deepEqual(imageIds, [{ imageDigest, imageTag: 'a' }]);
  assert.equal(failures?.length, 1);
  assert.deepEqual((await aws.client.send(new ListImagesCommand({ repositoryName }))).imageIds, []);
});

test('an image is unpacked once, with what its configuration says, into a folder nobody may write to', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const imageDigest = await pushImage(aws.client, program('console.log(1)'), 'a');
  const image = await aws.images.pull(`${host}/jobs/hello:a`);
  assert.ok(image !== undefined);
  const { root, ...rest } = image;
  assert.deepEqual(rest, {
    entrypoint: ['node', '/app/main.mjs'],
    command: [],
    environment: { GREETING: 'hello=you' },
    workingDirectory: '/app',
  });
  assert.equal(await readFile(join(root, 'app/main.mjs'), 'utf8'), 'console.log(1)');
  for (const path of ['', 'app', 'app/main.mjs']) assert.equal((await stat(join(root, path))).mode & 0o222, 0, path);
  assert.equal(await aws.images.pull(`${host}/jobs/hello@${imageDigest}`), image);
});

test('an image of another registry is not this registry’s to pull, and one that is not here cannot be', async () => {
  await using aws = await ecrWorld();
  assert.equal(await aws.images.pull('busybox:latest'), undefined);
  assert.equal(await aws.images.pull('999999999999.dkr.ecr.eu-central-1.amazonaws.com/a:b'), undefined);
  await assert.rejects(aws.images.pull(`${host}/none:a`), { name: 'RepositoryNotFoundException' });
  await createRepository(aws);
  await assert.rejects(aws.images.pull(`${host}/jobs/hello:none`), { name: 'ImageNotFoundException' });
});

const link = (linkname: string, type: 'symlink' | 'link'): TarEntry => ({
  header: { name: 'escaped', size: 0, type, linkname },
});
for (const [what, entry] of [
  ['path that climbs out of it', file('../escaped', 'x')],
  ['path that climbs out of it after going in', file('app/../../escaped', 'x')],
  ['absolute path', file('/escaped', 'x')],
  ['symbolic link out of it', link('../..', 'symlink')],
  ['symbolic link to the machine', link('/etc', 'symlink')],
  ['hard link out of it', link('../../layers', 'link')],
] as const)
  test(`an image with a ${what} is refused`, async () => {
    await using aws = await ecrWorld();
    await createRepository(aws);
    await pushImage(aws.client, [entry], 'a');
    await assert.rejects(aws.images.pull(`${host}/jobs/hello:a`), {
      name: 'InvalidLayerException',
      message: /escaped/,
    });
    await assert.rejects(stat(join(aws.world.directory, 'ecr/images/escaped')), { code: 'ENOENT' });
  });

test('a layer that is no gzipped archive cannot be unpacked', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const bytes = Buffer.from('{}');
  const part = { digest: await uploadLayer(aws.client, bytes), size: bytes.length };
  const imageManifest = JSON.stringify({ schemaVersion: 2, config: part, layers: [part] });
  await aws.client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: 'a' }));
  await assert.rejects(aws.images.pull(`${host}/jobs/hello:a`), { name: 'InvalidLayerException' });
});
