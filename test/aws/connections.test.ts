import assert from 'node:assert/strict';
import test from 'node:test';
import { accountOf } from '../../scripts/aws/account.ts';
import { withLocalAws } from '../kinds/with-local-aws.ts';

test('no request waits for a connection for minutes, as the system would', () =>
  withLocalAws(async (aws) => {
    // A client reads its options with its first request.
    await accountOf(aws);
    const { connectionTimeout } = Reflect.get(aws.sts.config.requestHandler, 'config');
    assert.equal(connectionTimeout, 5_000);
  }));
