import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, load, mistakes, small } from './folder.ts';

const jobs = 'config/jobs.yaml';
const environment = 'config/environments/test.yaml';
const bucket = `\${bucket.orders}`;
const url = 'https://example.com/orders';
const where = 'config/jobs.yaml:8:15 jobDefinitions.import.environment.BUCKET:';

const resolved: readonly (readonly [typed: string, value: string])[] = [
  [`\${bucket.orders}`, 'test-orders-012345678901-eu-west-1'],
  [`\${topic.imported}`, 'arn:aws:sns:eu-west-1:012345678901:test-imported'],
  [`\${var.url}`, url],
  [`s3://\${bucket.orders}/\${ var.url }?`, `s3://test-orders-012345678901-eu-west-1/${url}?`],
  [`$\${var.url}`, `\${var.url}`],
  [`$\${HOME} \${var.url}`, `\${HOME} ${url}`],
  ['costs $5 {and} more', 'costs $5 {and} more'],
];

for (const [typed, value] of resolved) {
  test(`"${typed}" stands for "${value}"`, (t) => {
    const { config } = load(t, edited(jobs, bucket, typed));
    assert.deepEqual(config.jobDefinitions['import']?.environment, { BUCKET: value });
  });
}

const kinds = `write \${bucket.NAME} or \${topic.NAME} or \${var.NAME}`;
const refused: readonly (readonly [typed: string, message: string])[] = [
  [`\${bucket.order}`, `${where} \${bucket.order}: there is no bucket "order"; did you mean "orders"?`],
  [`\${topic.x}`, `${where} \${topic.x}: there is no topic "x"; there are: imported`],
  [`\${var.ulr}`, `${where} \${var.ulr}: there is no variable "ulr"; did you mean "url"?`],
  [`\${queue.main}`, `${where} \${queue.main} is no reference: ${kinds}, or $\${queue.main} for the text itself`],
  [`\${HOME}`, `${where} \${HOME} is no reference: ${kinds}, or $\${HOME} for the text itself`],
  [`\${toString.x}`, `${where} \${toString.x} is no reference: ${kinds}, or $\${toString.x} for the text itself`],
  [`\${var.url`, `${where} "\${var.url" has no closing "}"; write $\${ for the text itself`],
];

for (const [typed, message] of refused) {
  test(`"${typed}" is refused where it stands, with what would be right`, (t) => {
    assert.deepEqual(mistakes(t, edited(jobs, bucket, typed)), [message]);
  });
}

test('the place of a reference inside a text is its own', (t) => {
  assert.deepEqual(mistakes(t, edited(jobs, bucket, `"s3://\${bucket.order}"`)), [
    `config/jobs.yaml:8:21 jobDefinitions.import.environment.BUCKET: \${bucket.order}: there is no bucket "order"; did you mean "orders"?`,
  ]);
});

test('variables may hold references, to other variables too', (t) => {
  const files = edited(
    environment,
    url,
    `\${var.base}/\${bucket.orders}\n  base: "https://\${var.host}"\n  host: example.org`,
  );
  const { config, environment: own } = load(t, files);
  assert.equal(config.schedules['nightly']?.submit?.environment['URL'], own.variables['url']);
  assert.equal(own.variables['url'], 'https://example.org/test-orders-012345678901-eu-west-1');
});

test('variables that refer to each other in a circle are shown as that circle, once', (t) => {
  const files = edited(environment, url, `\${var.a}\n  a: "\${var.b}"\n  b: "\${var.c}"\n  c: "x \${var.a}"`);
  assert.deepEqual(mistakes(t, files), [
    'config/environments/test.yaml:11:9 variables.c: variables in a circle: a → b → c → a',
  ]);
});

test('a mistake in a variable is reported once, however many use it', (t) => {
  const wrong = edited(environment, url, `\${var.nobody}`)[environment] ?? '';
  const files = { ...edited(jobs, bucket, `\${var.url}`), [environment]: wrong };
  assert.deepEqual(mistakes(t, files), [
    `config/environments/test.yaml:8:8 variables.url: \${var.nobody}: there is no variable "nobody"; there are: url`,
  ]);
});

test("a caller's variable takes the place of the file's, as it is", (t) => {
  const given = `http://127.0.0.1:8080/?q=\${var.x}&$\${y}`;
  const { config, environment: own } = load(t, small, { variables: { url: given } });
  assert.equal(config.schedules['nightly']?.submit?.environment['URL'], given);
  assert.equal(own.variables['url'], given);
});

test('references in the network resolve, those in what names are made from do not', (t) => {
  const variables = edited(environment, '  url:', '  number: "1a"\n  url:')[environment] ?? '';
  const both = { ...small, [environment]: variables.replace('[subnet-1]', `["subnet-\${var.number}"]`) };
  assert.deepEqual(load(t, both).environment.network.subnets, ['subnet-1a']);
  assert.deepEqual(mistakes(t, edited(environment, 'eu-west-1', `\${var.url}`)), [
    `config/environments/test.yaml:2:9 region: "\${var.url}" must be an AWS region, such as eu-central-1`,
  ]);
});

test('references are checked even when the account they lead to is not known', (t) => {
  const files = {
    ...edited(jobs, bucket, `\${bucket.order}`),
    ...{ [environment]: edited(environment, '"012345678901"', '12')[environment] ?? '' },
  };
  assert.deepEqual(mistakes(t, files), [
    'config/environments/test.yaml:1:10 account: 12 must be the 12 digits of an AWS account, in quotes',
    `${where} \${bucket.order}: there is no bucket "order"; did you mean "orders"?`,
  ]);
});
