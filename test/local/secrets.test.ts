import assert from 'node:assert/strict';
import test from 'node:test';
import { Config } from '../../scripts/config/schema.ts';
import { localSecrets } from '../../scripts/local/secrets.ts';

const database = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:database-AbCdEf';

test('each secret of the config gets a value: that of the environment, or one that is made up', () => {
  const { jobDefinitions } = Config.parse({
    project: 'unit',
    jobDefinitions: {
      one: { image: 'a', vcpus: 1, memory: 2048, secrets: { TOKEN: '/local/token', USER: `${database}:user::` } },
      two: {
        image: 'a',
        vcpus: 1,
        memory: 2048,
        secrets: { PASSWORD: `${database}:password::`, SAME: '/local/token' },
      },
    },
  });
  const { told, values } = localSecrets({ jobDefinitions }, { LOCAL_SECRET_PASSWORD: 'p4ss', TOKEN: 'of the shell' });
  assert.deepEqual(Object.keys(values), ['/local/token', database]);
  assert.match(values['/local/token'] ?? '', /^local-[0-9a-f]{16}$/);
  const { user, ...rest } = JSON.parse(values[database] ?? '');
  assert.match(user, /^local-[0-9a-f]{16}$/);
  assert.deepEqual(rest, { password: 'p4ss' });
  assert.deepEqual(
    told.map(({ definition, variable, source }) => [definition, variable, source]),
    [
      ['one', 'TOKEN', undefined],
      ['one', 'USER', undefined],
      ['two', 'PASSWORD', 'LOCAL_SECRET_PASSWORD'],
      ['two', 'SAME', undefined],
    ],
  );
});
