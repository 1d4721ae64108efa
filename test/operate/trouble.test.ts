import assert from 'node:assert/strict';
import test from 'node:test';
import { awsClients } from '../../scripts/aws/clients.ts';
import { operating } from '../../scripts/operate/trouble.ts';
import { PlanError } from '../../scripts/reconcile/errors.ts';
import { configFrom } from '../support/written-config.ts';

const environment = { loaded: configFrom({}), aws: awsClients({ region: 'eu-central-1', owner: 'baton/test' }) };

test('what AWS refuses is said with what was being done and what to do, and what is ours keeps its stack', async () => {
  const refused = Object.assign(new Error('no permission for batch:ListJobs'), { name: 'AccessDeniedException' });
  const failing = (error: Error, next: readonly string[] = []) =>
    operating(environment, 'reading how baton/test is', Promise.reject(error), next);
  await assert.rejects(
    failing(refused, ['try again']),
    new PlanError([
      'reading how baton/test is: the credentials do not allow it (AccessDeniedException: no permission for batch:ListJobs); give their role that permission; of a role that bootstrap made, with npm run bootstrap',
      'try again',
    ]),
  );
  const ours = new TypeError('x is undefined');
  await assert.rejects(failing(ours), ours);
  const said = new PlanError(['there is no such job']);
  await assert.rejects(failing(said), said);
  assert.equal(await operating(environment, 'asking', Promise.resolve(1)), 1);
});
