import assert from 'node:assert/strict';
import test from 'node:test';
import { loadConfig } from '../../scripts/config/load.ts';
import { destinationOf } from '../../scripts/control/endpoint.ts';
import { feedConfig } from '../support/feed-config.ts';

const embedded = loadConfig({ directory: feedConfig, environment: 'local' });
const real = loadConfig({ directory: feedConfig, environment: 'staging' });

for (const endpoint of ['http://127.0.0.1:4566', 'http://localhost:1', 'http://[::1]:4566', 'http://127.9.9.9']) {
  test(`an embedded environment talks to ${endpoint}, with keys of nobody`, () => {
    const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
    assert.deepEqual(destinationOf(embedded, endpoint), { endpoint, credentials });
  });
}

for (const endpoint of [
  'https://batch.eu-central-1.amazonaws.com',
  'http://127.0.0.1.example.com',
  'http://10.0.0.1',
  'local',
]) {
  test(`an embedded environment never talks to ${endpoint}`, () => {
    assert.throws(() => destinationOf(embedded, endpoint), {
      name: 'PlanError',
      message: `environment "local" runs on the embedded AWS, and AWS_ENDPOINT_URL "${endpoint}" is not on this machine; use the address that "npm run local" prints`,
    });
  });
}

for (const endpoint of [undefined, '']) {
  test(`without an address (${String(endpoint)}) an embedded environment falls through to no profile`, () => {
    assert.throws(() => destinationOf(embedded, endpoint), {
      name: 'PlanError',
      message: /AWS_ENDPOINT_URL does not say where that is; start it with "npm run local"/,
    });
  });
}

test('an environment of AWS itself leaves address and credentials to the SDK', () => {
  assert.deepEqual(destinationOf(real, undefined), {});
});

test('an environment on AWS does not follow an address of this machine that the shell still has', () => {
  assert.throws(() => destinationOf(real, 'http://127.0.0.1:8700'), {
    name: 'PlanError',
    message:
      'environment "staging" is on AWS, and AWS_ENDPOINT_URL "http://127.0.0.1:8700" leads to the embedded one; unset AWS_ENDPOINT_URL, or choose another --environment',
  });
});
