import assert from 'node:assert/strict';
import test from 'node:test';
import { veiled, veiledFields } from '../../scripts/reconcile/veil.ts';

test('live values of variables that look like secrets are hidden, in maps and in lists of pairs', () => {
  const live = {
    environment: { BUCKET: 'feeds', API_TOKEN: 'abc', DB_PASSWORD: 'hunter2' },
    secrets: { PASSWORD: '/team/password' },
    targets: [{ input: { containerOverrides: { environment: [{ name: 'ApiKey', value: '1234' }] } } }],
  };
  assert.deepEqual(veiled(live), {
    environment: { BUCKET: 'feeds', API_TOKEN: '(hidden, 3 characters)', DB_PASSWORD: '(hidden, 7 characters)' },
    secrets: { PASSWORD: '/team/password' },
    targets: [
      { input: { containerOverrides: { environment: [{ name: 'ApiKey', value: '(hidden, 4 characters)' }] } } },
    ],
  });
});

test('of a difference only what there is is hidden', () => {
  const fields = [
    { path: 'environment.API_TOKEN', live: 'abc', desired: 'from-config' },
    { path: 'environment.MODE', live: 'slow', desired: 'fast' },
    { path: 'environment', live: { SECRET: 'abc' }, desired: undefined },
    { path: 'targets[job].input.containerOverrides.environment.TOKEN', live: 'abc', desired: undefined },
  ];
  assert.deepEqual(
    veiledFields(fields).map(({ live, desired }) => [live, desired]),
    [
      ['(hidden, 3 characters)', 'from-config'],
      ['slow', 'fast'],
      [{ SECRET: '(hidden, 3 characters)' }, undefined],
      ['(hidden, 3 characters)', undefined],
    ],
  );
});
