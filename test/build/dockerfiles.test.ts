import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { unpinnedBases } from '../../scripts/build/dockerfile.ts';

/** What Dependabot's reader of Dockerfiles finds in a line: `FROM image:tag@digest`, literally. */
const pinned = /^FROM [a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/;
const instructions = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('every job in TypeScript is a bundle on a base that Dependabot can bump, is nobody’s root, and starts without a shell', () => {
  const folders = readdirSync('jobs').filter((name) =>
    ['Dockerfile', 'main.ts'].every((file) => existsSync(join('jobs', name, file))),
  );
  assert.ok(folders.includes('feed-watcher') && folders.includes('feed-consumer'));
  for (const folder of folders) {
    const lines = instructions(readFileSync(join('jobs', folder, 'Dockerfile'), 'utf8'));
    const known = /^(FROM|LABEL|WORKDIR|COPY|ENV|USER|ENTRYPOINT) /;
    assert.deepEqual(
      lines.filter((line) => !known.test(line)),
      [],
      `${folder}: more than a bundle on a base`,
    );
    assert.match(lines[0] ?? '', pinned, folder);
    assert.match(lines.find((line) => line.startsWith('USER')) ?? '', /^USER [1-9]\d*:[1-9]\d*$/, folder);
    assert.match(lines.at(-1) ?? '', /^ENTRYPOINT \["\/nodejs\/bin\/node", /, folder);
    // What changes with every commit would give an image of the same sources another hash.
    assert.doesNotMatch(lines.join('\n'), /image\.(revision|created|version)|^ARG /m, folder);
  }
});

test('a base without a digest is found, a stage and nothing at all are no bases', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  const found = unpinnedBases(
    [
      ...[`FROM node:24${digest} AS Build`, 'FROM --platform=$BUILDPLATFORM python:3', 'from build as last'],
      ...['FROM scratch', `FROM x:1${digest}0`, 'COPY --from=build . .', 'FROM $BASE', 'FROM python:3'],
    ].join('\n'),
  );
  assert.deepEqual(found, ['python:3', `x:1${digest}0`, '$BASE']);
});
