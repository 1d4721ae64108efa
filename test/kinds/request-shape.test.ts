import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { type CreateJobQueueRequest, CreateJobQueueRequest$ } from '@aws-sdk/client-batch';
import { overridableRequests } from '../../scripts/kinds/overridable.ts';
import { asRequest, requestShape } from '../../scripts/kinds/request-shape.ts';

test('the fields that config may override are those of the SDK: npm run schema writes them', () => {
  const committed: unknown = JSON.parse(readFileSync('scripts/config/aws-requests.json', 'utf8'));
  assert.deepEqual(committed, overridableRequests);
});

test('what the SDK would drop in silence, or send as something else, is no request', () => {
  const shape = requestShape(CreateJobQueueRequest$);
  const queue = { jobQueueName: 'feeds', priority: 1, tags: { team: 'a' }, computeEnvironmentOrder: [{ order: 1 }] };
  assert.deepEqual(asRequest<CreateJobQueueRequest>(shape, 'CreateJobQueue', queue), queue);
  for (const [wrong, message] of [
    [{ priorty: 1 }, 'CreateJobQueue.priorty is no field of the request'],
    [{ priority: '1' }, 'CreateJobQueue.priority must be number'],
    [{ tags: ['a'] }, 'CreateJobQueue.tags must be a map'],
    [{ computeEnvironmentOrder: { order: 1 } }, 'CreateJobQueue.computeEnvironmentOrder must be a list'],
    [
      { computeEnvironmentOrder: [{ order: 1 }, { rank: 2 }] },
      'CreateJobQueue.computeEnvironmentOrder[1].rank is no field of the request',
    ],
  ] as const) {
    assert.throws(() => asRequest(shape, 'CreateJobQueue', wrong), new Error(`making a request of AWS: ${message}`));
  }
});
