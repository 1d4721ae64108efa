import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { BatchGetImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { jobImage } from '../../scripts/build/job-image.ts';
import { imageKind } from '../../scripts/kinds/image.ts';
import { repositoryKind } from '../../scripts/kinds/repository.ts';
import { type LocalAws, startLocalAws } from '../../scripts/local-aws/server.ts';
import { treeOf } from '../build/tree.ts';
import { containerMachine } from '../support/container-machine.ts';
import { heardStep } from './served.ts';

function clients(t: TestContext, { endpoint }: LocalAws): Aws {
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: 'us-east-1', owner: 'baton/test', endpoint, credentials });
  t.after(() => aws.close());
  return aws;
}

test('the image of a job is really built from its Dockerfile, and really pushed to a registry', async (t) => {
  const machine = await containerMachine(t);
  if (typeof machine === 'string') return t.skip(machine);
  const base = `${machine.repository}/base:1`;
  const files = {
    Dockerfile: 'FROM scratch\nCOPY etc /etc\nENV BASE=made-here\n',
    'etc/passwd': 'node:x:1000:1000::/:/bin/sh\n',
  };
  await machine.build(base, await treeOf(t, files));

  await using local = await startLocalAws();
  const aws = clients(t, local);
  const repositoryName = 'unit/jobs/feed-watcher';
  const repository = { name: repositoryName, tags: 'IMMUTABLE', scanOnPush: true, lifecycle: null } as const;
  await repositoryKind(aws).create(repository, heardStep().step);
  const { dockerfile, ...image } = await jobImage('jobs/feed-watcher');
  const onBase = { ...image, dockerfile: dockerfile.replace(/^FROM .*$/m, `FROM ${base}`) };
  const name = `${repositoryName}:${image.tag}`;
  const kind = imageKind({ ...aws, embedded: false }, new Map([[name, onBase]]), machine.environment);
  const { heard, step } = heardStep();
  machine.forget(`${new URL(local.endpoint).host}/${name}`);
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
