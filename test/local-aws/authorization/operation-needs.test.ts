import assert from 'node:assert/strict';
import test from 'node:test';
import { operationNeeds } from '../../../scripts/local-aws/authorization/operation-needs.ts';
import { realClock } from '../../../scripts/local-aws/runtime/clock.ts';
import { createServices } from '../../../scripts/local-aws/services.ts';
import { createWorld } from '../../../scripts/local-aws/world.ts';

test('the table knows every operation that is implemented, and no other', async () => {
  const given = { account: '123456789012', region: 'eu-central-1', directory: '/nonexistent', clock: realClock() };
  const services = createServices(createWorld({ ...given, endpoint: () => '' }));
  assert.ok(Object.keys(services).length > 10);
  for (const [name, load] of Object.entries(services)) {
    const { operations, signingName } = await load();
    assert.equal(signingName, name);
    const implemented = [...operations.values()].flatMap(({ handler, name: each }) => (handler ? [each] : []));
    assert.deepEqual(Object.keys(operationNeeds.get(name) ?? {}).sort(), implemented.sort(), name);
  }
});
