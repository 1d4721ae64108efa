import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { buildContainerImage } from '../../scripts/build/container-image.ts';
import { jobImage } from '../../scripts/build/job-image.ts';
import {
  type ContainerMachine,
  containerMachine,
  platformHere,
  silent,
  startContainerOf,
} from '../support/container-machine.ts';
import { ended, JobWorld } from '../support/job-world.ts';
import { startMoodyServer } from '../support/moody-server.ts';
import { treeOf } from './tree.ts';

/** What the running Node needs to start, itself included: the loader and the libraries that it names. */
const nodeAndLibraries = (): string[] => [
  process.execPath,
  ...(execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+/g) ?? []),
];

/** A base as distroless makes it, of this machine's Node: Node, its libraries, a user, and nothing to run beside it. */
async function buildBase(t: TestContext, machine: ContainerMachine, reference: string): Promise<void> {
  const root = await treeOf(t, {
    Dockerfile: 'FROM scratch\nCOPY system /\n',
    'system/etc/passwd': 'nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
  });
  for (const path of nodeAndLibraries()) {
    const to = join(root, 'system', path === process.execPath ? '/nodejs/bin/node' : path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(path, to);
  }
  await mkdir(join(root, 'system/tmp'));
  await chmod(join(root, 'system/tmp'), 0o1777);
  await machine.build(reference, root);
}

/** The watcher's image, of its own Dockerfile but for the line FROM: nobody can make an image that has a given digest. */
async function buildWatcher(t: TestContext, machine: ContainerMachine) {
  const base = `${machine.repository}/base:1`;
  await buildBase(t, machine, base);
  const { dockerfile, files, tag } = await jobImage('jobs/feed-watcher');
  const onBase = dockerfile.replace(/^FROM .*$/m, `FROM ${base}`);
  const host = machine.repository;
  const name = `feed-watcher:${tag}`;
  machine.forget(`${host}/${name}`);
  await buildContainerImage({ dockerfile: onBase, files, platform: platformHere }, { ...machine, name, host }, silent);
  const [, entrypoint = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
  return { reference: `${host}/${name}`, entrypoint: JSON.parse(entrypoint) };
}

test('the image of the watcher is really built, runs a feed as nobody in particular, and ends when it is told to', async (t) => {
  if (process.platform !== 'linux') return t.skip('containers of this machine run no Node of this machine');
  const machine = await containerMachine(t);
  if (typeof machine === 'string') return t.skip(machine);
  const image = await buildWatcher(t, machine);
  await using world = await JobWorld.start();
  await using server = await startMoodyServer();
  const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:start-feed-consumer';
  const variables = world.environment({ FEED_URL: server.url, FEED_TYPE: 'boxed', JOB_XML_TAG: 'job', TOPIC_ARN });
  const start = () => startContainerOf(t, machine, image, variables);

  server.will((response) => response.end('<source><job>1</job><job>2</job></source>'));
  const done = await ended(await start());
  assert.deepEqual(
    [done.exitCode, done.last.event, done.last['records']],
    [0, 'feed changed', 2],
    JSON.stringify(done),
  );
  assert.equal(world.topic.published.length, 1);
  assert.ok((await world.keys('snapshots/boxed/')).length > 0);

  if (machine.builder.program === 'buildah') return t.diagnostic('buildah has no process 1 to send SIGTERM to');
  // The first process of a container is spared every signal that it does not handle.
  const asked = new Promise<void>((resolve) => server.will(() => resolve()));
  const running = await start();
  await asked;
  running.kill('SIGTERM');
  const told = await ended(running);
  assert.deepEqual([told.exitCode, told.last.event], [143, 'job stopped'], JSON.stringify(told));
});
