import assert from 'node:assert/strict';
import test from 'node:test';
import { ConfigError } from '../../scripts/config/issue.ts';
import { failureText } from '../../scripts/control/failure.ts';
import { ApplyError, PlanError } from '../../scripts/reconcile/errors.ts';

test("the operator's errors are printed without a stack", () => {
  const place = { file: 'config/jobs.yaml', line: 3, column: 5 };
  const config = new ConfigError([{ place, path: 'jobs.a', message: 'is missing' }]);
  assert.equal(
    failureText(config),
    'config/jobs.yaml:3:5 jobs.a: is missing\n1 problem in the config; nothing was done',
  );
  assert.equal(failureText(new PlanError(['one', 'two'])), 'one\ntwo');
  assert.equal(failureText(new ApplyError('creating x: no')), 'creating x: no');
});

test('any other error is our mistake and keeps its stack', () => {
  assert.match(failureText(new TypeError('x is undefined')), /^TypeError: x is undefined\n {4}at .*failure\.test\.ts/);
  assert.equal(failureText('thrown text'), 'thrown text');
});
