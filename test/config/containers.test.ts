import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, load, mistakes } from './folder.ts';

const report = (extra: string) => edited('config/jobs.yaml', 'image: alpine:3', `image: alpine:3\n    ${extra}`);

const refused: readonly (readonly [what: string, extra: string, message: RegExp])[] = [
  [
    'a placeholder without a value',
    'command: [run, "Ref::page"]',
    /topics\.imported\.submit: gives no value for Ref::page/,
  ],
  [
    'a variable that is a secret too',
    'environment: { A: b }\n    secrets: { A: c }',
    /secrets\.A: "A" is in environment/,
  ],
  ['a secret that is no reference', 'secrets: { A: "p4ss w0rd!" }', /must be the name of an SSM parameter/],
  ['a key without secrets', 'secretsKey: arn:aws:kms:eu-west-1:012345678901:key/1', /goes with secrets/],
  ['a log group by hand', 'logOptions: { awslogs-group: mine }', /is set by baton/],
  ['a log option that awslogs does not have', 'logOptions: { colour: red }', /is no option of awslogs/],
  ['a preset without attempts', 'retry: spot', /needs attempts of 2 or more/],
  ['a disk that Fargate does not sell', 'ephemeralStorage: 20', /must be at least 21/],
];

for (const [what, extra, message] of refused) {
  test(`${what} is refused`, (t) => {
    const found = mistakes(t, report(extra));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', message);
  });
}

test('a placeholder with a default, secrets with a key and the Spot preset load', (t) => {
  const fields = [
    'command: [run, "Ref::page"]',
    'parameters: { page: "1" }',
    'secrets: { A: /team/a }',
    'secretsKey: arn:aws:kms:eu-west-1:012345678901:key/1',
    'attempts: 3',
    'retry: spot',
  ];
  const { config } = load(t, report(fields.join('\n    ')));
  assert.deepEqual(config.jobDefinitions['report']?.secrets, { A: '/team/a' });
});
