import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { BatchClient, DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { clientConfig } from './wire/echo.ts';

const canConnect = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (reached: boolean) => () => {
      socket.destroy();
      resolve(reached);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });

test('the embedded AWS is there for SDK clients, of the account and region asked for', async () => {
  await using aws = await startLocalAws({ account: '123456789012', region: 'eu-west-1' });
  const identity = await new STSClient(clientConfig(aws.endpoint)).send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, '123456789012');
  const queues = await new BatchClient(clientConfig(aws.endpoint)).send(new DescribeJobQueuesCommand({}));
  assert.deepEqual(queues.jobQueues, []);
  assert.equal(aws.world.endpoint(), aws.endpoint);
  assert.equal(aws.world.partition, 'aws');
});

test('nothing listens beyond 127.0.0.1', async () => {
  await using aws = await startLocalAws();
  const { hostname, port } = new URL(aws.endpoint);
  assert.equal(hostname, '127.0.0.1');
  assert.ok(await canConnect('127.0.0.1', Number(port)));
  const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid).map(({ address }) => address),
  );
  for (const address of others) assert.equal(await canConnect(address, Number(port)), false, address);
});

test('closing stops services last first, ends connections, and removes the temporary folder', async (context) => {
  const aws = await startLocalAws({ clock: drivenClock(Date.UTC(2026, 10, 23)), region: 'eu-west-1' });
  context.after(aws.close);
  const { directory } = aws.world;
  const client = new S3Client(clientConfig(aws.endpoint));
  await client.send(new CreateBucketCommand({ Bucket: 'feeds' }));
  await client.send(new PutObjectCommand({ Bucket: 'feeds', Key: 'a', Body: 'x' }));
  assert.ok(existsSync(directory));
  const stopped: string[] = [];
  aws.world.onStop.push(
    async () => void stopped.push('made first'),
    async () => {
      stopped.push('made last');
      await client.send(new ListBucketsCommand({}));
    },
  );
  await Promise.all([aws.close(), aws.close()]);
  assert.deepEqual(stopped, ['made last', 'made first']);
  assert.equal(existsSync(directory), false);
  assert.equal(await canConnect('127.0.0.1', Number(new URL(aws.endpoint).port)), false);
});

test('a service that fails to stop is told of, after all others have stopped', async () => {
  const aws = await startLocalAws();
  let stopped = false;
  aws.world.onStop.push(
    async () => {
      stopped = true;
    },
    () => Promise.reject(new Error('will not die')),
  );
  await assert.rejects(
    aws.close(),
    (error) => error instanceof AggregateError && /will not die/.test(String(error.errors)),
  );
  assert.ok(stopped);
  assert.equal(existsSync(aws.world.directory), false);
});

test('a folder that was given stays, and a port that is taken is refused without a trace', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'given-'));
  const usual = process.env['TMPDIR'];
  context.after(async () => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    await rm(directory, { recursive: true });
  });
  const aws = await startLocalAws({ directory });
  context.after(aws.close);
  process.env['TMPDIR'] = directory;
  const before = await readdir(directory);
  await assert.rejects(startLocalAws({ port: Number(new URL(aws.endpoint).port) }), { code: 'EADDRINUSE' });
  assert.deepEqual(await readdir(directory), before);
  await aws.close();
  assert.ok(existsSync(directory));
});

test('paths that services serve themselves come before all of AWS, by whole segments', async () => {
  await using aws = await startLocalAws();
  aws.world.routes.set('/runtime', (_request, reply) => void reply.end('served'));
  const get = async (path: string) => (await fetch(aws.endpoint + path)).text();
  assert.equal(await get('/runtime/next?a=1'), 'served');
  assert.equal(await get('/runtime'), 'served');
  assert.match(await get('/runtime-logs/key'), /NoSuchBucket|AccessDenied/);
});
