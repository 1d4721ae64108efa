import assert from 'node:assert/strict';
import { request } from 'node:http';
import test from 'node:test';
import { BatchGetImageCommand, DescribeImagesCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  createRepository,
  digestOf,
  type EcrWorld,
  ecrWorld,
  file,
  host,
  layerOf,
  program,
  pushImage,
} from './ecr-world.ts';

const repositoryName = 'jobs/hello';
const oci = 'application/vnd.oci.image.manifest.v1+json';

type Call = (method: string, path: string, body?: Uint8Array | string, type?: string) => Promise<Response>;

/** Calls of somebody who has logged in, relative to the repository. */
async function loggedIn({ client }: EcrWorld): Promise<Call> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const { authorizationToken, proxyEndpoint } = authorizationData?.[0] ?? {};
  return (method, path, body, type = 'application/octet-stream') =>
    fetch(`${proxyEndpoint}${path.startsWith('/') ? path : `/v2/${repositoryName}/${path}`}`, {
      method,
      headers: { authorization: `Basic ${authorizationToken}`, 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
}

const locationOf = (response: Response): string => response.headers.get('location') ?? '';

async function upload(call: Call, bytes: Uint8Array | string): Promise<{ digest: string; size: number }> {
  const begun = await call('POST', 'blobs/uploads/');
  assert.equal(begun.status, 202);
  const digest = digestOf(bytes);
  assert.equal((await call('PUT', `${locationOf(begun)}?digest=${digest}`, bytes)).status, 201);
  return { digest, size: bytes.length };
}

const manifestOf = (config: object, layers: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: oci, config, layers });

async function refusal(response: Promise<Response>): Promise<[number, string | undefined]> {
  const { status, text } = await response.then(async (each) => ({ status: each.status, text: await each.text() }));
  return [status, /^\{"errors":\[\{"code":"(\w+)"/.exec(text)?.[1]];
}

test('without the credentials of an authorization token nothing is answered', async () => {
  await using aws = await ecrWorld();
  const response = await fetch(`${aws.world.endpoint()}/v2/`);
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/);
  const wrong = { headers: { authorization: `Basic ${Buffer.from('AWS:guess').toString('base64')}` } };
  assert.equal((await fetch(`${aws.world.endpoint()}/v2/`, wrong)).status, 401);
  const call = await loggedIn(aws);
  assert.equal((await call('GET', '/v2/')).status, 200);
});

test('an image pushed as docker pushes it is an image of ECR', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const call = await loggedIn(aws);
  const config = await upload(call, '{"architecture":"amd64","os":"linux","config":{}}');
  const layer = await upload(call, 'bytes of a layer');
  const manifest = manifestOf(config, [layer]);
  assert.equal((await call('PUT', 'manifests/v1', manifest, oci)).status, 201);
  const { imageDetails } = await aws.client.send(new DescribeImagesCommand({ repositoryName }));
  assert.deepEqual(
    imageDetails?.map(({ imageTags, imageDigest, imageManifestMediaType }) => [
      imageTags,
      imageDigest,
      imageManifestMediaType,
    ]),
    [[['v1'], digestOf(manifest), oci]],
  );
  const { images } = await aws.client.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: digestOf(manifest) }] }),
  );
  assert.equal(images?.[0]?.imageManifest, manifest);
});

test('an image pushed through the API of ECR is pulled as docker pulls it', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const digest = await pushImage(aws.client, program('console.log(1)'), 'v1');
  const call = await loggedIn(aws);
  for (const reference of ['v1', digest]) {
    const head = await call('HEAD', `manifests/${reference}`);
    assert.deepEqual([head.status, head.headers.get('docker-content-digest'), await head.text()], [200, digest, '']);
    const manifest = await (await call('GET', `manifests/${reference}`)).text();
    assert.equal(digestOf(manifest), digest);
    for (const layer of [JSON.parse(manifest).config, ...JSON.parse(manifest).layers]) {
      const blob = `blobs/${layer.digest}`;
      assert.equal((await call('HEAD', blob)).headers.get('content-length'), String(layer.size));
      assert.equal(digestOf(new Uint8Array(await (await call('GET', blob)).arrayBuffer())), layer.digest);
    }
  }
});

test('a blob comes in one request, or in chunks, or in one that ends with the digest', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const call = await loggedIn(aws);
  const [once, thrice] = ['all at once', 'in three parts'];
  assert.equal((await call('POST', `blobs/uploads/?digest=${digestOf(once)}`, once)).status, 201);
  const begun = await call('POST', 'blobs/uploads/');
  const first = await call('PATCH', locationOf(begun), 'in three');
  assert.deepEqual([first.status, first.headers.get('range')], [202, '0-7']);
  const second = await call('PATCH', locationOf(first), ' par');
  assert.equal(second.headers.get('range'), '0-11');
  assert.equal((await call('PUT', `${locationOf(second)}?digest=${digestOf(thrice)}`, 'ts')).status, 201);
  for (const text of [once, thrice]) assert.equal(await (await call('GET', `blobs/${digestOf(text)}`)).text(), text);
});

test('pushing what is there already is no mistake; moving an immutable tag is', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws, { imageTagMutability: 'IMMUTABLE' });
  const call = await loggedIn(aws);
  const config = await upload(call, '{"config":{}}');
  const manifest = manifestOf(config, [await upload(call, 'a layer')]);
  assert.equal((await call('PUT', 'manifests/v1', manifest, oci)).status, 201);
  assert.deepEqual(await upload(call, '{"config":{}}'), config);
  assert.equal((await call('PUT', 'manifests/v1', manifest, oci)).status, 201);
  const other = manifestOf(config, [await upload(call, 'another layer')]);
  assert.deepEqual(await refusal(call('PUT', 'manifests/v1', other, oci)), [400, 'TAG_INVALID']);
});

test('what is not there, or not what it says, is refused in the words of the protocol', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const call = await loggedIn(aws);
  const nowhere = digestOf('nowhere');
  const upload = async () => locationOf(await call('POST', 'blobs/uploads/'));
  const lost = { digest: nowhere, size: 7 };
  const refusals: readonly [Promise<Response>, number, string][] = [
    [call('POST', '/v2/jobs/other/blobs/uploads/'), 404, 'NAME_UNKNOWN'],
    [call('GET', `blobs/${nowhere}`), 404, 'BLOB_UNKNOWN'],
    [call('GET', 'manifests/v9'), 404, 'MANIFEST_UNKNOWN'],
    [call('PATCH', 'blobs/uploads/00000000-0000-4000-8000-000000000000', 'x'), 404, 'BLOB_UPLOAD_UNKNOWN'],
    [call('PUT', `${await upload()}?digest=${nowhere}`, 'x'), 400, 'DIGEST_INVALID'],
    [call('PUT', `${await upload()}?digest=${nowhere}`), 400, 'SIZE_INVALID'],
    [call('PUT', 'manifests/v1', manifestOf(lost, [lost]), oci), 404, 'BLOB_UNKNOWN'],
    [call('PUT', `manifests/${nowhere}`, manifestOf(lost, [lost]), oci), 400, 'DIGEST_INVALID'],
    [call('PUT', 'manifests/v1', '{', oci), 400, 'MANIFEST_INVALID'],
    [call('PUT', 'manifests/v1', ' '.repeat((4 << 20) + 1), oci), 400, 'MANIFEST_INVALID'],
    [call('DELETE', 'manifests/v1'), 404, 'UNSUPPORTED'],
  ];
  for (const [response, status, code] of refusals) assert.deepEqual(await refusal(response), [status, code]);
});

test('a client that goes away in the middle of a blob harms nobody', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const call = await loggedIn(aws);
  const location = locationOf(await call('POST', 'blobs/uploads/'));
  const { authorizationData } = await aws.client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  const headers = { authorization, 'content-length': 1000 };
  const client = request(`${aws.world.endpoint()}${location}`, { method: 'PATCH', headers });
  await new Promise((resolve) => {
    client.on('error', resolve);
    client.write('half', () => client.destroy());
    client.on('close', resolve);
  });
  assert.equal((await call('GET', '/v2/')).status, 200);
});

test('an image of several layers is a file system, and runs as a process only if its label says that it can', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const call = await loggedIn(aws);
  const layers = [
    await upload(call, await layerOf(program('base'))),
    await upload(call, await layerOf([file('app/b', 'b')])),
  ];
  const push = async (tag: string, settings: object): Promise<void> => {
    const config = await upload(call, JSON.stringify({ config: settings }));
    assert.equal((await call('PUT', `manifests/${tag}`, manifestOf(config, layers), oci)).status, 201);
  };
  await push('system', { Entrypoint: ['node'] });
  await push('process', { Entrypoint: ['node'], Labels: { 'baton.process': 'true' } });
  await assert.rejects(aws.images.pull(`${host}/${repositoryName}:system`), {
    name: 'UnsupportedImageTypeException',
    message: /^the image has 2 layers and no label baton\.process=true: it is the file system of a container/,
  });
  assert.deepEqual((await aws.images.pull(`${host}/${repositoryName}:process`))?.entrypoint, ['node']);
});
