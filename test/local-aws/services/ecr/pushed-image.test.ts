import assert from 'node:assert/strict';
import test from 'node:test';
import { batchWorld, describe, furnish, registerScript, submitScript } from '../batch/batch-world.ts';
import { createRepository, ecrWorld, host, program, pushImage } from './ecr-world.ts';

test('a job runs the image that was pushed, with its variables', async () => {
  await using registry = await ecrWorld();
  await using aws = await batchWorld();
  aws.world.ports.images = registry.images;
  await createRepository(registry);
  const code = 'console.log(process.env.GREETING, process.argv.slice(2).join());';
  await pushImage(registry.client, program(code), 'v1');
  await furnish(aws);
  await registerScript(aws.client, { image: `${host}/jobs/hello:v1` });
  const jobId = await submitScript(aws.client, 'an-argument');
  await aws.clock.idle();
  assert.equal((await describe(aws.client, jobId)).status, 'SUCCEEDED');
  assert.deepEqual([...aws.logs.values()], [['hello=you an-argument']]);
});
