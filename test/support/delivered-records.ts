import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDestination } from '../../scripts/local/destination.ts';
import { runConsumer } from './job-runs.ts';
import type { JobWorld } from './job-world.ts';

/** Runs the consumer for a message and gives the lines that its destination then holds, sorted. Fails when the job does. */
export async function deliveredRecords(world: JobWorld, message: string): Promise<string[]> {
  const directory = mkdtempSync(join(world.directory, 'delivered-'));
  let file: string;
  {
    await using destination = await startDestination({ directory });
    const variables = {
      DOWNLOAD_MESSAGE: message,
      DESTINATION_URL: destination.url,
      PARALLELISM: '3',
      BATCH_SIZE: '50',
    };
    const { exitCode, last } = await runConsumer(world, variables);
    assert.equal(exitCode, 0, JSON.stringify(last));
    file = destination.file;
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
