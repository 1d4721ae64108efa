import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { jobImage } from '../../scripts/build/job-image.ts';
import { plan } from '../../scripts/control/commands/plan.ts';
import { images } from '../../scripts/control/images.ts';
import { fakeBuilders } from '../build/fake-builders.ts';
import { commandsWorld } from './commands-world.ts';

/** Of the job as it lies in the repository. */
const tagOf = jobImage('jobs/feed-watcher').then(({ tag }) => tag);

/** The world of commands, with two definitions of one image, and one of an image that is somebody else's. */
async function imagesWorld(t: TestContext) {
  const world = await commandsWorld(t);
  writeFileSync(
    join(world.flags.config, 'jobs.yaml'),
    `jobDefinitions:
  small: { image: jobs/feed-watcher, vcpus: 0.25, memory: 512 }
  large: { image: jobs/feed-watcher, vcpus: 1, memory: 2048 }
  other: { image: "public.ecr.aws/docker/library/busybox:1", vcpus: 0.25, memory: 512 }
`,
  );
  const tag = await tagOf;
  return { ...world, tag, reference: `000000000000.dkr.ecr.eu-central-1.amazonaws.com/shop/jobs/feed-watcher:${tag}` };
}

/** Makes builders on a PATH of their own those of the shell. */
async function withBuilders(t: TestContext, scripts: Readonly<Record<string, string>>) {
  const builders = await fakeBuilders(t, scripts);
  for (const [name, value] of Object.entries({ ...builders.environment, BUILDX_BUILDER: '' })) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
  return builders;
}

test('images are told by folder, platform, hash and reference, for people and programs, and AWS is not asked', async (t) => {
  const { flags, run, tag, reference } = await imagesWorld(t);
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
  const said = await run(() => images(flags));
  assert.deepEqual(said, { code: 0, out: `jobs/feed-watcher  linux/amd64  ${tag}  ${reference}\n`, err: '' });
  const { out } = await run(() => images({ ...flags, json: true }));
  assert.deepEqual(JSON.parse(out), [{ folder: 'jobs/feed-watcher', platform: 'linux/amd64', hash: tag, reference }]);

  const second = 'jobDefinitions: { longer: { image: jobs/feed-consumer, vcpus: 1, memory: 2048 } }\n';
  writeFileSync(join(flags.config, 'second.yaml'), second);
  const columns = (await run(() => images(flags))).out
    .trimEnd()
    .split('\n')
    .map((line) => line.indexOf('linux/'));
  assert.deepEqual(columns, [20, 20]);
});

test('every image is built once and stays here; what the builder prints is told, and why nothing was built', async (t) => {
  const { flags, run, tag, reference } = await imagesWorld(t);
  const builders = await withBuilders(t, { docker: 'if [ "$1" = build ]; then echo "step 1"; fi' });
  assert.deepEqual(await run(() => images({ ...flags, build: true })), {
    code: 0,
    out: `jobs/feed-watcher  linux/amd64  ${tag}  built  ${reference}\n`,
    err: 'jobs/feed-watcher: step 1\n',
  });
  const builds = (await builders.runs()).filter(({ args }) => args[0] !== 'version');
  assert.deepEqual(
    builds.map(({ args }) => [args[0], args[args.indexOf('--tag') + 1]]),
    [['build', reference]],
  );

  await withBuilders(t, { podman: 'if [ "$1" = build ]; then echo "no such base"; exit 125; fi' });
  const failed = await run(() => images({ ...flags, build: true }));
  assert.deepEqual([failed.code, failed.out], [1, '']);
  assert.match(failed.err, /^building the image of jobs\/feed-watcher: podman build: exit code 125\nno such base/);
  await withBuilders(t, {});
  const none = await run(() => images({ ...flags, build: true }));
  assert.equal(none.code, 1);
  assert.match(none.err, /^building the images: looking for something that builds .* tried docker \(not installed\)/);
});

test('an image is pushed with its repository and nothing else is made; what is there is not pushed again', async (t) => {
  const { flags, run, tag, reference } = await imagesWorld(t);
  const push = () => run(() => images({ ...flags, push: true }));
  const line = (fate: string): string => `jobs/feed-watcher  linux/amd64  ${tag}  ${fate}  ${reference}\n`;
  const first = await push();
  assert.deepEqual([first.code, first.out], [0, line('pushed')]);
  assert.match(first.err, /^\+ repository shop\/jobs\/feed-watcher: done in .* s\n\+ image .*: done in .* s\n$/);
  assert.deepEqual(await push(), { code: 0, out: line('was there'), err: '' });
  const { out } = await run(() => plan({ ...flags, json: true }));
  const kinds: string[] = JSON.parse(out).changes.map(({ kind }: { kind: string }) => kind);
  assert.ok(kinds.includes('job-definition') && !kinds.includes('image') && !kinds.includes('repository'), out);
});
