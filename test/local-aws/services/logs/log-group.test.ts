import assert from 'node:assert/strict';
import test from 'node:test';
import { LogGroup, LogStream } from '../../../../scripts/local-aws/services/logs/log-group.ts';
import { localWorld } from '../../../support/local-world.ts';

test('a group that has become too large empties its oldest streams when one is added', (context) => {
  const group = new LogGroup(localWorld(context), '/aws/batch/job', {});
  const message = 'x'.repeat(16 * 1024 * 1024);
  for (let number = 0; number < 6; number += 1) {
    const stream = new LogStream(`job-${number}`, 0);
    group.add(stream);
    stream.append({ timestamp: 0, message, ingestionTime: 0 });
  }
  const kept = [...group.streams.values()].map(({ characters }) => characters / message.length);
  assert.deepEqual(kept, [0, 1, 1, 1, 1, 1]);
  assert.deepEqual(group.streams.get('job-0')?.range(), { from: 1, to: 1 });
});
