import assert from 'node:assert/strict';
import test from 'node:test';
import { runJob } from '../../jobs/process/run-job.ts';
import { WorkFolder } from '../../jobs/process/work-folder.ts';
import { variables } from '../support/run-here.ts';

test('a job that may write nowhere says so once, with nothing but the sentence', async (t) => {
  variables(t, { TMPDIR: '/dev/null' });
  const lines: unknown[] = [];
  const job = async (): Promise<number> => {
    using folder = new WorkFolder('feed');
    return folder.newFile('a').length;
  };
  assert.equal(await runJob((event, fields) => void lines.push({ event, ...fields }), job), 1);
  assert.deepEqual(lines, [
    {
      event: 'job failed',
      error:
        "making a folder for the job's files in /dev/null: ENOTDIR: not a directory, mkdtemp '/dev/null/feed-XXXXXX'; let TMPDIR name one that the job may write to",
    },
  ]);
});
