import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { BatchGetImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { runBuilder } from '../../scripts/build/builder-process.ts';
import { findContainerBuilder } from '../../scripts/build/container-builder.ts';
import { jobImage } from '../../scripts/build/job-image.ts';
import { imageKind } from '../../scripts/kinds/image.ts';
import { repositoryKind } from '../../scripts/kinds/repository.ts';
import { type LocalAws, startLocalAws } from '../../scripts/local-aws/server.ts';
import { write } from '../build/tree.ts';
import { heardStep } from './served.ts';

const signal = new AbortController().signal;
const silent = { signal, line: () => {} };

/**
 * An image store of this test alone, so that a base image made here is nobody else's `node:24-slim`. docker has no such
 * thing, so its daemon is kept out.
 */
async function ownStore(t: TestContext): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-containers-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await write(folder, {
    'storage.conf': `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/graph"\n`,
    'base/Dockerfile': 'FROM scratch\nCOPY etc /etc\nENV BASE=made-here\n',
    'base/etc/passwd': 'node:x:1000:1000::/:/bin/sh\n',
  });
  return {
    ...process.env,
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    BUILDAH_ISOLATION: 'chroot',
    DOCKER_HOST: `unix://${folder}/no-docker.sock`,
    BASE: join(folder, 'base'),
  };
}

/** What a test of real builds needs of this machine; a text says what is missing. */
async function realBuilder(environment: NodeJS.ProcessEnv) {
  if (process.getuid?.() !== 0) return 'building without a daemon needs root here';
  return findContainerBuilder(environment, signal).catch((error: Error) => error.message);
}

function clients(t: TestContext, { endpoint }: LocalAws): Aws {
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: 'us-east-1', owner: 'baton/test', endpoint, credentials });
  t.after(() => aws.close());
  return aws;
}

test('the image of a job is really built from its Dockerfile, and really pushed to a registry', async (t) => {
  const environment = await ownStore(t);
  const builder = await realBuilder(environment);
  if (typeof builder === 'string') return t.skip(builder);
  const context = environment['BASE'] ?? '';
  const args = builder.build({ reference: 'docker.io/library/node:24-slim', platform: 'linux/amd64', context });
  await runBuilder({ program: builder.program, args, environment }, silent);

  await using local = await startLocalAws();
  const aws = clients(t, local);
  const repositoryName = 'unit/jobs/feed-watcher';
  const repository = { name: repositoryName, tags: 'IMMUTABLE', scanOnPush: true, lifecycle: null } as const;
  await repositoryKind(aws).create(repository, heardStep().step);
  const image = await jobImage('jobs/feed-watcher');
  const name = `${repositoryName}:${image.tag}`;
  const kind = imageKind({ ...aws, embedded: false }, new Map([[name, image]]), environment);
  const { heard, step } = heardStep();
  await kind.create({ name }, step);

  assert.deepEqual(
    (await kind.list([name])).observed.map((observed) => observed.name),
    [name],
  );
  assert.ok(
    heard.some((line) => line.includes('COPY main.mjs')),
    heard.join('\n'),
  );
  const imageIds = [{ imageTag: image.tag }];
  const { imageDetails } = await aws.ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
  assert.deepEqual(imageDetails?.[0]?.imageTags, [image.tag]);
  const { images } = await aws.ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
  assert.ok(JSON.parse(images?.[0]?.imageManifest ?? '').layers.length > 1);

  // It holds a system, so the embedded AWS does not take it for a program of this machine.
  const reference = `${local.world.account}.dkr.ecr.us-east-1.amazonaws.com/${name}`;
  await assert.rejects(local.world.ports.images.pull(reference), { name: 'UnsupportedImageTypeException' });
});
