import assert from 'node:assert/strict';
import test from 'node:test';
import { apply } from '../../scripts/control/commands/apply.ts';
import { destroy } from '../../scripts/control/commands/destroy.ts';
import { plan } from '../../scripts/control/commands/plan.ts';
import { wholeConfig } from '../support/whole-config.ts';
import { changedConfig } from './changed-config.ts';
import { githubWorld } from './github-world.ts';

test('the roles of GitHub plan, apply, change and destroy everything there is', async (t) => {
  const { bootstrap, flags, run, sent, write } = await githubWorld(t);
  write(wholeConfig);
  await bootstrap();
  for (const config of [wholeConfig, changedConfig]) {
    write(config);
    const p = await run('plan', () => plan(flags));
    console.error(p.code, p.err);
    const a = await run('apply', () =>
      apply({
        ...flags,
        yes: true,
        allowDeletions: true,
        allowProtected: true,
        terminateJobs: true,
        deleteObjects: true,
      }),
    );
    console.error(a.code, a.err);
  }
  const d = await run('apply', () =>
    destroy({ ...flags, confirm: 'test', allowProtected: true, terminateJobs: true, deleteObjects: true }),
  );
  console.error(d.code, d.err);
  console.error([...sent].map(([k, v]) => [k, v.operations.size]));
  assert.ok(true);
});
