import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { findContainerBuilder } from '../../scripts/build/container-builder.ts';
import { buildContainerImage, pushContainerImage } from '../../scripts/build/container-image.ts';
import { type FakeBuilders, fakeBuilders } from './fake-builders.ts';
import { write } from './tree.ts';

const password = 'the-password-of-twelve-hours';
const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const registry = { host, plainHttp: false, user: 'AWS', password };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const source = {
  dockerfile: 'FROM python:3-slim\nCOPY . /app\n',
  platform: 'linux/arm64',
  files: new Map([
    ['main.py', { content: bytes("print('hello')\n"), executable: false }],
    ['tools/run.sh', { content: bytes('#!/bin/sh\n'), executable: true }],
  ]),
};

interface Heard {
  readonly lines: string[];
  readonly signal: AbortSignal;
  line(text: string): void;
}

function listener(signal = new AbortController().signal): Heard {
  const lines: string[] = [];
  return { lines, signal, line: (text) => void lines.push(text) };
}

async function push({ environment }: FakeBuilders, heard: Heard, to = registry): Promise<void> {
  const builder = await findContainerBuilder(environment, heard.signal);
  await pushContainerImage(source, { builder, registry: to, name: 'unit/jobs/snake:0123', environment }, heard);
}

const probes = { docker: 'version', podman: 'info', buildah: 'info' } as const;
const reference = `${host}/unit/jobs/snake:0123`;

for (const program of ['docker', 'podman', 'buildah'] as const)
  test(`${program} logs in, builds exactly the files of the image, and pushes it`, async (t) => {
    const builders = await fakeBuilders(t, { [program]: 'echo "doing $1"' });
    await push(builders, listener());
    const [probe, login, build, pushed, ...more] = await builders.runs();
    assert.ok(probe && login && build && pushed);
    assert.deepEqual(more, []);
    assert.equal(probe.args[0], probes[program]);
    assert.deepEqual(login.args, ['login', '--username', 'AWS', '--password-stdin', host]);
    assert.equal(login.stdin, password);
    const context = build.args.at(-1) ?? '';
    assert.deepEqual(build.args, [
      ...['build', '--platform', 'linux/arm64', '--tag', reference],
      ...['--file', `${context}/Dockerfile`, context],
    ]);
    assert.deepEqual(build.context, {
      Dockerfile: source.dockerfile,
      'main.py': "print('hello')\n",
      'tools/run.sh*': '#!/bin/sh\n',
    });
    assert.deepEqual(pushed.args, ['push', reference]);
    assert.ok(!existsSync(dirname(context)), 'the temporary folder is left');
  });

test('the password is on one standard input, and in nothing that a program is started with or prints', async (t) => {
  const builders = await fakeBuilders(t, { docker: 'echo "doing $1"' });
  const heard = listener();
  await push(builders, heard);
  const runs = await builders.runs();
  assert.deepEqual(
    runs.map(({ stdin }) => stdin),
    ['', password, '', ''],
  );
  const seen = JSON.stringify(runs.map(({ args, environment }) => [args, environment]));
  assert.ok(!seen.includes(password), seen);
  assert.deepEqual(heard.lines, ['got [secret]', 'doing login', 'doing build', 'doing push']);
});

test("login and push have credentials of their own; the build has the user's, for its base images", async (t) => {
  const builders = await fakeBuilders(t, { podman: '' });
  const users = `${builders.environment['HOME']}/.docker`;
  const config = JSON.stringify({ auths: { 'docker.io': { auth: 'theirs' } }, currentContext: 'desktop' });
  await write(builders.environment['HOME'] ?? '', { '.docker/config.json': config });
  await push(builders, listener());
  const [, login, build, pushed] = await builders.runs();
  const own = { auths: { [host]: {} }, currentContext: 'desktop' };
  assert.deepEqual([login?.credentials, build?.credentials, pushed?.credentials], [own, null, own]);
  assert.equal(login?.environment['REGISTRY_AUTH_FILE'], `${login?.environment['DOCKER_CONFIG']}/config.json`);
  assert.equal(build?.environment['DOCKER_CONFIG'], undefined);
  assert.equal(build?.environment['REGISTRY_AUTH_FILE'], undefined);
  assert.equal(await readFile(join(users, 'config.json'), 'utf8'), config);
});

test('a registry of this machine may speak plain HTTP; docker knows by itself', async (t) => {
  const local = { ...registry, host: '127.0.0.1:4566', plainHttp: true };
  for (const [program, flags] of [
    ['docker', []],
    ['buildah', ['--tls-verify=false']],
  ] as const) {
    const builders = await fakeBuilders(t, { [program]: '' });
    await push(builders, listener(), local);
    const [, login, , pushed] = await builders.runs();
    assert.deepEqual(login?.args.slice(0, 1 + flags.length), ['login', ...flags]);
    assert.deepEqual(pushed?.args.slice(0, 1 + flags.length), ['push', ...flags]);
  }
});

test('a build gives one image to the daemon that pushes it', async (t) => {
  const builders = await fakeBuilders(t, { docker: '' });
  await push(builders, listener());
  assert.equal((await builders.runs())[2]?.environment['BUILDX_NO_DEFAULT_ATTESTATIONS'], '1');
});

/** A docker whose shell names a BuildKit beside its daemon, and what Actions exports. */
async function onBuildKit(t: TestContext, actions: NodeJS.ProcessEnv = {}): Promise<FakeBuilders> {
  const builders = await fakeBuilders(t, { docker: '' });
  return { ...builders, environment: { ...builders.environment, BUILDX_BUILDER: 'beside', ...actions } };
}

test('a BuildKit that the shell names builds and pushes at once, and writes down how; with all credentials there are', async (t) => {
  const builders = await onBuildKit(t);
  const theirs = {
    auths: { 'quay.io': { auth: 'theirs' } },
    credHelpers: { 'gcr.io': 'gcloud' },
    credsStore: 'desktop',
  };
  await write(builders.environment['HOME'] ?? '', { '.docker/config.json': JSON.stringify(theirs) });
  await push(builders, listener());
  const [, login, pushed, ...more] = await builders.runs();
  assert.deepEqual(more, []);
  assert.equal(login?.stdin, password);
  const context = pushed?.args.at(-1) ?? '';
  assert.deepEqual(pushed?.args, [
    ...['buildx', 'build', '--platform', 'linux/arm64', '--tag', reference, '--file', `${context}/Dockerfile`],
    ...['--provenance=mode=max', '--push', context],
  ]);
  assert.deepEqual(pushed?.credentials, {
    auths: { 'quay.io': { auth: 'theirs' }, [host]: {} },
    credHelpers: { 'gcr.io': 'gcloud' },
  });
  assert.equal(pushed?.environment['BUILDX_NO_DEFAULT_ATTESTATIONS'], undefined);
  assert.ok(!existsSync(dirname(context)));
});

test('in a job of Actions that exports the way to its cache, layers come from there and go there', async (t) => {
  const actions = { ACTIONS_RUNTIME_TOKEN: 'token', ACTIONS_RESULTS_URL: 'https://results' };
  const builders = await onBuildKit(t, actions);
  await push(builders, listener());
  const args = (await builders.runs()).at(-1)?.args ?? [];
  const cache = 'type=gha,scope=unit/jobs/snake-linux/arm64';
  assert.deepEqual(args.slice(8, 12), ['--cache-from', cache, '--cache-to', `${cache},mode=max,ignore-error=true`]);
  const half = await onBuildKit(t, { ACTIONS_RUNTIME_TOKEN: 'token' });
  await push(half, listener());
  assert.ok(!(await half.runs()).at(-1)?.args.includes('--cache-from'));
});

test('what is built and not pushed is left on this machine, without a login', async (t) => {
  for (const [builders, more] of [
    [await fakeBuilders(t, { docker: '' }), []],
    [await onBuildKit(t), ['--provenance=false', '--load']],
  ] as const) {
    const heard = listener();
    const builder = await findContainerBuilder(builders.environment, heard.signal);
    const { environment } = builders;
    await buildContainerImage(source, { builder, name: 'unit/jobs/snake:0123', environment, host }, heard);
    const [, build, ...others] = await builders.runs();
    assert.deepEqual(others, []);
    assert.equal(build?.credentials, null);
    const context = build?.args.at(-1) ?? '';
    assert.deepEqual(build?.args.slice(build.args.indexOf('--tag')), [
      ...['--tag', reference, '--file', `${context}/Dockerfile`, ...more, context],
    ]);
    assert.ok(!existsSync(dirname(context)));
  }
});

test('whoever runs an image can read it, whatever the umask of who built it', async (t) => {
  const builders = await fakeBuilders(t, { buildah: 'if [ "$1" = build ]; then /bin/ls -lR "$last"; fi' });
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const heard = listener();
  await push(builders, heard);
  const listed = heard.lines.flatMap((line) => /^([-drwx]{10})[.@+]? .* (\S+)$/.exec(line)?.slice(1).join(' ') ?? []);
  assert.deepEqual(listed, [
    ...['-rw-r--r-- Dockerfile', '-rw-r--r-- main.py', 'drwxr-xr-x tools', '-rwxr-xr-x run.sh'],
  ]);
});

test('a docker without its daemon is passed over', async (t) => {
  const builders = await fakeBuilders(t, { docker: 'exit 1', podman: 'exit 125', buildah: '' });
  const { program } = await findContainerBuilder(builders.environment, new AbortController().signal);
  assert.equal(program, 'buildah');
});

test('where nothing builds images, it says what was tried and what to install', async (t) => {
  const silent = 'echo "Client: 28.2.2"; echo "Cannot connect to the Docker daemon" >&2; exit 1';
  const builders = await fakeBuilders(t, { docker: silent });
  await assert.rejects(
    findContainerBuilder(builders.environment, new AbortController().signal),
    new Error(
      'looking for something that builds container images: tried docker (Cannot connect to the Docker daemon), ' +
        'podman (not installed), buildah (not installed); install docker and start it, or podman, or buildah, and run this again',
    ),
  );
});

test('a build that fails is told with all that it printed, and leaves nothing', async (t) => {
  const fails = 'if [ "$1" = build ]; then echo "STEP 1"; printf "\\033[31mno such image\\033[0m\\n"; exit 3; fi';
  const builders = await fakeBuilders(t, { buildah: fails });
  await assert.rejects(push(builders, listener()), new Error('buildah build: exit code 3\nSTEP 1\nno such image'));
  const runs = await builders.runs();
  assert.deepEqual(
    runs.map(({ args }) => args[0]),
    ['info', 'login', 'build'],
  );
  assert.ok(!existsSync(dirname(runs.at(-1)?.args.at(-1) ?? '')));
});

test('a refused login does not tell the password', async (t) => {
  const builders = await fakeBuilders(t, { docker: 'if [ "$1" = login ]; then exit 1; fi' });
  await assert.rejects(push(builders, listener()), new Error('docker login: exit code 1\ngot [secret]'));
});

/** The child holds the builder's output open, so nothing comes to its end before the child has. */
async function stopped(t: TestContext, script: string): Promise<void> {
  const builders = await fakeBuilders(t, { buildah: `if [ "$1" = build ]; then ${script}; fi` });
  const controller = new AbortController();
  const stop = new Error('stopped by hand');
  const line = (text: string): void => {
    if (text === 'started') controller.abort(stop);
  };
  await assert.rejects(push(builders, { ...listener(controller.signal), line }), stop);
  const last = (await builders.runs()).at(-1);
  assert.equal(last?.args[0], 'build');
  assert.ok(!existsSync(dirname(last?.args.at(-1) ?? '')));
}

test('stopping ends the builder and its children, and nothing comes after', { timeout: 4_000 }, (t) =>
  stopped(t, '/bin/sleep 600 & echo started; wait'),
);

test('a child that will not end goes with its builder', { timeout: 4_000 }, (t) =>
  stopped(t, '(trap "" TERM; echo started; while :; do /bin/sleep 1; done) & wait'),
);

test('what is stopped before it begins does not begin', async (t) => {
  const builders = await fakeBuilders(t, { docker: '' });
  const stop = new Error('stopped by hand');
  await assert.rejects(push(builders, listener(AbortSignal.abort(stop))), stop);
  assert.deepEqual(await builders.runs(), []);
});
