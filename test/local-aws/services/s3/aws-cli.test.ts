import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { bucketFor } from './bucket-fixture.ts';

const absent = spawnSync('aws', ['--version']).status !== 0;

test('the aws CLI copies small and multipart files up and down and lists them', {
  skip: absent && 'the aws CLI is not on the PATH',
}, async (t) => {
  const { account, Bucket } = await bucketFor(t);
  const folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'AKIAPERSON',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: account.client.region,
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const s3 = async (...words: string[]) =>
    (await promisify(execFile)('aws', ['--endpoint-url', account.client.endpoint, 's3', ...words], { env })).stdout;
  const small = join(folder, 'small file.xml');
  const big = join(folder, 'big.bin');
  await writeFile(small, '<jobs/>');
  await writeFile(big, randomBytes(9 * 1024 * 1024));
  await s3('cp', folder, `s3://${Bucket}/in`, '--recursive');
  assert.match(await s3('ls', `s3://${Bucket}/in/`), /9437184 big\.bin\n.* 7 small file\.xml\n/);
  await s3('cp', `s3://${Bucket}/in`, join(folder, 'out'), '--recursive');
  assert.deepEqual(await readFile(join(folder, 'out', 'small file.xml')), await readFile(small));
  assert.ok((await readFile(join(folder, 'out', 'big.bin'))).equals(await readFile(big)));
});
