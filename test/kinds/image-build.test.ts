import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import * as ecr from '@aws-sdk/client-ecr';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { type ImageFile, oneLayerImage } from '../../scripts/build/one-layer-image.ts';
import { type Images, imageKind } from '../../scripts/kinds/image.ts';
import { repositoryKind } from '../../scripts/kinds/repository.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { defineService } from '../../scripts/local-aws/wire/service.ts';
import { type FakeBuilders, fakeBuilders } from '../build/fake-builders.ts';
import { awsServing, heardStep } from './served.ts';

const name = 'unit/jobs/watcher:0123456789abcdef';
const files = new Map<string, ImageFile>([
  ['main.mjs', { content: new TextEncoder().encode('console.log(1);'), executable: false }],
]);
const images: Images = new Map([
  [
    name,
    {
      dockerfile: 'FROM node:24-slim\n',
      files,
      platform: 'linux/amd64',
      layer: () => oneLayerImage(files, { entrypoint: ['node', '/app/main.mjs'], environment: [] }, {}),
    },
  ],
]);

/** An embedded AWS that is taken for AWS itself, with the image's repository. */
async function realAws(t: TestContext): Promise<{ readonly aws: Aws; readonly endpoint: string }> {
  const local = await startLocalAws();
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const embedded = awsClients({ region: 'us-east-1', owner: 'baton/test', endpoint: local.endpoint, credentials });
  t.after(async () => {
    embedded.close();
    await local.close();
  });
  const { step } = heardStep();
  await repositoryKind(embedded).create(
    { name: 'unit/jobs/watcher', tags: 'IMMUTABLE', scanOnPush: true, lifecycle: null },
    step,
  );
  return { aws: { ...embedded, embedded: false }, endpoint: local.endpoint };
}

const create = (aws: Aws, { environment }: FakeBuilders, step = heardStep().step): Promise<void> =>
  imageKind(aws, images, environment).create({ name }, step);

test('an image for AWS is built and pushed to where ECR lets it log in, told line by line', async (t) => {
  const { aws, endpoint } = await realAws(t);
  const builders = await fakeBuilders(t, { podman: 'if [ "$1" != info ]; then echo "doing $1"; fi' });
  const { heard, step } = heardStep();
  await create(aws, builders, step);
  const host = new URL(endpoint).host;
  const [, login, build, push] = await builders.runs();
  assert.deepEqual(login?.args, ['login', '--tls-verify=false', '--username', 'AWS', '--password-stdin', host]);
  assert.match(login?.stdin ?? '', /^\S+$/);
  assert.equal(build?.context['main.mjs'], 'console.log(1);');
  assert.deepEqual(push?.args, ['push', '--tls-verify=false', `${host}/${name}`]);
  assert.deepEqual(heard, [
    ...['podman: got [secret]', 'podman: doing login', 'podman: doing build', 'podman: doing push'],
  ]);
});

const refusesPush = 'if [ "$1" = push ]; then echo "tag is immutable"; exit 1; fi';

test('a push that comes second, to a tag that is there already, has nothing left to do', async (t) => {
  const { aws } = await realAws(t);
  await imageKind({ ...aws, embedded: true }, images).create({ name }, heardStep().step);
  const builders = await fakeBuilders(t, { docker: refusesPush });
  await create(aws, builders);
  assert.equal((await builders.runs()).at(-1)?.args[0], 'push');
});

test('a push that fails, and leaves no such tag, is a failure with what the builder printed', async (t) => {
  const { aws } = await realAws(t);
  const builders = await fakeBuilders(t, { docker: refusesPush });
  await assert.rejects(create(aws, builders), new Error('docker push: exit code 1\ntag is immutable'));
});

test('without a builder nothing is asked of AWS', async (t) => {
  const aws = await awsServing(t, { ecr: () => assert.fail('ECR was asked') });
  await assert.rejects(
    create({ ...aws, embedded: false }, await fakeBuilders(t, {})),
    /tried docker \(not installed\)/,
  );
});

test('a login that ECR does not give whole is refused before anything is built', async (t) => {
  const authorizationToken = Buffer.from('nonsense').toString('base64');
  const answer = { authorizationData: [{ authorizationToken, proxyEndpoint: 'https://registry' }] };
  const served = await awsServing(t, {
    ecr: () => defineService(ecr, ecr.ECRClient)({ GetAuthorizationToken: () => answer }),
  });
  const builders = await fakeBuilders(t, { docker: '' });
  await assert.rejects(
    create({ ...served, embedded: false }, builders),
    /^Error: asking ECR for a login: it answered without a password/,
  );
  assert.equal((await builders.runs()).length, 1);
});

test('an image that nothing builds is named', async (t) => {
  const aws = await awsServing(t, {});
  const step = heardStep().step;
  await assert.rejects(
    imageKind(aws, images).create({ name: 'unit/jobs/other:1' }, step),
    new Error('nothing here builds image "unit/jobs/other:1"'),
  );
});
