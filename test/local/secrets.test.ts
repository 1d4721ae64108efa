import assert from 'node:assert/strict';
import test from 'node:test';
import { Config } from '../../scripts/config/schema.ts';
import { localSecrets } from '../../scripts/local/secrets.ts';

const database = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:database-AbCdEf';
const parameter = 'arn:aws:ssm:eu-central-1:111122223333:parameter/local/token';
const madeUp = /^local-[0-9a-f]{16}$/;

/** What becomes of the secrets of two definitions, with the source of each variable. */
function localOf(one: object, two: object, environment: Readonly<Record<string, string>>) {
  const definition = { image: 'a', vcpus: 1, memory: 2048 };
  const config = Config.parse({
    project: 'unit',
    jobDefinitions: { one: { ...definition, secrets: one }, two: { ...definition, secrets: two } },
  });
  const { told, values } = localSecrets(config, environment);
  return { told, values, sources: told.map(({ definition, variable, source }) => [definition, variable, source]) };
}

test('each secret of the config gets a value: that of the environment, or one that is made up', () => {
  const { values, sources } = localOf(
    { TOKEN: '/local/token', USER: `${database}:user::` },
    { PASSWORD: `${database}:password::`, SAME: '/local/token' },
    { LOCAL_SECRET_PASSWORD: 'p4ss', TOKEN: 'of the shell' },
  );
  assert.deepEqual(Object.keys(values), ['/local/token', database]);
  assert.match(values['/local/token'] ?? '', madeUp);
  const { user, ...rest } = JSON.parse(values[database] ?? '');
  assert.match(user, madeUp);
  assert.deepEqual(rest, { password: 'p4ss' });
  assert.deepEqual(sources, [
    ['one', 'TOKEN', undefined],
    ['one', 'USER', undefined],
    ['two', 'PASSWORD', 'LOCAL_SECRET_PASSWORD'],
    ['two', 'SAME', undefined],
  ]);
});

test('of several variables that name one secret, the first that is given has it for all', () => {
  const { values, sources } = localOf(
    { TOKEN: '/local/token', USER: `${database}:user::` },
    { SAME: '/local/token', LATER: '/local/token', NAME: `${database}:user::` },
    { LOCAL_SECRET_SAME: 'given', LOCAL_SECRET_LATER: 'too late', LOCAL_SECRET_NAME: 'me' },
  );
  assert.deepEqual(values, { '/local/token': 'given', [database]: '{"user":"me"}' });
  assert.deepEqual(sources, [
    ['one', 'TOKEN', 'LOCAL_SECRET_SAME'],
    ['one', 'USER', 'LOCAL_SECRET_NAME'],
    ['two', 'SAME', 'LOCAL_SECRET_SAME'],
    ['two', 'LATER', 'LOCAL_SECRET_SAME'],
    ['two', 'NAME', 'LOCAL_SECRET_NAME'],
  ]);
});

test('a secret that one job has whole and another by its key is one value', () => {
  const secrets = [{ ALL: database }, { USER: `${database}:user::` }] as const;
  const made = localOf(...secrets, { LOCAL_SECRET_USER: 'me' });
  assert.deepEqual(made.values, { [database]: '{"user":"me"}' });
  const given = localOf(...secrets, { LOCAL_SECRET_USER: 'me', LOCAL_SECRET_ALL: '{"user":"you"}' });
  assert.deepEqual(given.values, { [database]: '{"user":"you"}' });
  assert.deepEqual(given.sources, [
    ['one', 'ALL', 'LOCAL_SECRET_ALL'],
    ['two', 'USER', 'LOCAL_SECRET_ALL'],
  ]);
});

test('a version of a secret that is not the current one is not here', () => {
  const { told, values } = localOf(
    { NOW: `${database}::AWSCURRENT:` },
    { OLD: `${database}::AWSPREVIOUS:`, PINNED: `${database}:user::0123`, THIRD: `${parameter}:3` },
    { LOCAL_SECRET_NOW: 'now', LOCAL_SECRET_OLD: 'old' },
  );
  assert.deepEqual(values, { [database]: 'now' });
  assert.deepEqual(
    told.map(({ variable, isCurrent, source }) => [variable, isCurrent, source]),
    [
      ['NOW', true, 'LOCAL_SECRET_NOW'],
      ['OLD', false, undefined],
      ['PINNED', false, undefined],
      ['THIRD', false, undefined],
    ],
  );
});
