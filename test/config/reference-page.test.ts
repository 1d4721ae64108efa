import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { z } from 'zod';
import { names, type Site } from '../../scripts/config/names.ts';
import { sections, sectionsOf } from '../../scripts/config/reference-fields.ts';
import { referencePage } from '../../scripts/config/reference-page.ts';
import { Config } from '../../scripts/config/schema.ts';
import { desiredAlarms } from '../../scripts/desired/alarms.ts';
import { desiredAlertRules } from '../../scripts/desired/alert-rules.ts';
import { desiredDeadLetterQueues } from '../../scripts/desired/dead-letters.ts';
import { desiredRules, desiredScheduleGroups } from '../../scripts/desired/events.ts';
import { desiredTopics } from '../../scripts/desired/messages.ts';
import { functionNames, jobRole } from '../../scripts/desired/parts.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { desiredBuckets, desiredLogGroups } from '../../scripts/desired/storage.ts';
import { load, mistakes } from './folder.ts';

const page = referencePage();

/** The page's examples by the file that each names in its first line. */
const examples = Object.fromEntries(
  [...page.matchAll(/^```yaml\n# (\S+)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => [file, `#\n${text}`]),
);

test('the committed page is that of the schema', () => {
  assert.equal(readFileSync('config/README.md', 'utf8'), page, 'config/README.md is stale: npm run schema');
});

test('every field is told of once, in the order of the schema, with what it means', () => {
  const schedules =
    sections()
      .get('schedules')
      ?.fields.map(({ path }) => path) ?? [];
  assert.deepEqual(schedules.slice(0, 2), Object.keys(Config.shape.schedules.unwrap().valueType.shape).slice(0, 2));
  assert.ok(schedules.includes('submit.jobQueue'));
  for (const [name, { fields }] of sections()) {
    const paths = fields.map(({ path }) => path);
    assert.deepEqual(paths, [...new Set(paths)], name);
    for (const { path, means, aws, type } of fields) {
      assert.notEqual(
        type,
        'anything',
        `${name}.${path} has a type that is not known: give it a word, .meta({ title: … })`,
      );
      assert.match(means, /\w.*\.$/s, `${name}.${path} is described by a sentence, or by AWS's name, ": " and one`);
      // A name of AWS's that is not followed by a colon would pass for a sentence of ours.
      if (aws === undefined) assert.match(means, /^([A-Z][a-z-]*|AWS) /, `${name}.${path} begins with a plain word`);
    }
  }
});

test('a row has the type, the default and the name in AWS, each in its column', () => {
  const row = (field: string): string[] | undefined =>
    page
      .split('\n')
      .find((line) => line.startsWith(`| \`${field}\` `))
      ?.split(' | ')
      .map((cell) => cell.replace(/^\| | \|$/g, '').trim());
  assert.deepEqual(row('architecture'), [
    '`architecture`',
    '`X86_64` or `ARM64`',
    '`X86_64`',
    '`runtimePlatform.cpuArchitecture`',
    'What the job runs on; an image of this repository is built for it.',
  ]);
  assert.deepEqual(row('transition[].after')?.slice(1, 4), ['duration', '**required**', '`Transitions.Days`']);
  assert.deepEqual(row('expire[].prefix')?.slice(1, 3), ['text', '`""`']);
  assert.deepEqual(row('grants[].publish')?.slice(1, 4), ['text', 'one of these', '–']);
  assert.deepEqual(row('network.subnets')?.slice(1, 3), ['list of 1 to 16 texts', '**required**']);
  assert.deepEqual(row('submit.environment')?.slice(1, 3), [
    'map of text, number, `true` or `false`, map of anything or list of anything',
    '`{}`',
  ]);
  assert.match(row('cron')?.at(-1) ?? '', /"0 3 \\\* \\\* \? \\\*"/);
});

test('fields of other shapes flow into the page: unions, maps of maps, constants, sections without names', () => {
  const fargate = z.strictObject({
    type: z.literal('FARGATE'),
    size: z.int().max(5).default(2).describe('size: of it.'),
  });
  const ec2 = z.strictObject({ type: z.literal('EC2'), size: z.string().optional().describe('size: of it.') });
  const machine = z.discriminatedUnion('type', [fargate, ec2]);
  const override = z.record(z.string(), z.unknown()).optional().describe('Fields of AWS as they are.');
  const told = sectionsOf(
    z.object({
      machines: z.record(z.string(), machine),
      nested: z.strictObject({ inner: z.record(z.string(), z.strictObject({ deep: z.boolean() })), override }),
    }),
  );
  const rows = [...told].map(([name, { fields }]) => [
    name,
    ...fields.map(({ path, type, absent }) => [path, type, absent]),
  ]);
  assert.deepEqual(rows, [
    [
      'machines',
      ['type', '`FARGATE` or `EC2`', '**required**'],
      ['size', 'whole number, at most 5 or text', '`2` or none'],
    ],
    [
      'nested',
      ['inner', 'map of maps', '**required**'],
      ['inner.NAME.deep', '`true` or `false`', '**required**'],
      ['override', 'map of anything', 'none'],
    ],
  ]);
});

test('every table has as many cells in each row', () => {
  const tables = page.split('\n\n').filter((block) => block.startsWith('| '));
  assert.ok(tables.length > sections().size);
  for (const table of tables) {
    const cells = table.split('\n').map((row) => row.replaceAll('\\|', '').split('|').length);
    assert.equal(new Set(cells).size, 1, table);
  }
});

const environments = Object.keys(examples).flatMap((file) => /environments\/(.+)\.yaml$/.exec(file)?.[1] ?? []);

test('the examples show every section', (t) => {
  assert.deepEqual(environments, ['production', 'staging']);
  const { config } = load(t, examples, { environment: 'production' });
  for (const [name, section] of Object.entries(config)) assert.notDeepEqual(section, {}, name);
});

for (const environment of environments) {
  test(`the examples are a config without mistakes in ${environment}`, (t) => {
    assert.deepEqual(mistakes(t, examples, { environment }), []);
  });
}

test('the example of an override does what the page says', (t) => {
  const { config } = load(t, examples, { environment: 'staging' });
  const { cron, rate, submit } = config.schedules['nightly'] ?? {};
  assert.deepEqual([cron, rate, submit?.jobName], [undefined, '12 hours', 'nightly-import']);
  const { memory, vcpus, grants } = config.jobDefinitions['import'] ?? {};
  assert.deepEqual([memory, vcpus, grants], [2048, 0.5, [{ readWrite: 'bucket.orders' }]]);
});

test('the example of a mistake is what loading says', (t) => {
  const file = 'config/job-definitions.yaml';
  const slipped = { ...examples, [file]: (examples[file] ?? '').replace('vcpus: 0.5', 'vcpus: 0.4') };
  const [line = 'no mistake', ...others] = mistakes(t, slipped, { environment: 'production' });
  assert.deepEqual(others, []);
  assert.ok(page.includes(`\n${line}\n`), line);
});

const site: Site = {
  project: 'PROJECT',
  environment: 'ENVIRONMENT',
  account: 'ACCOUNT',
  region: 'REGION',
  prefix: 'PREFIX',
};
const submit = { jobName: 'job', jobQueue: 'name', jobDefinition: 'name' };
const everything = Config.parse({
  project: 'everything',
  alerts: { emails: ['ops@example.com'] },
  schedules: { a: { rate: '1 day', expectSuccessWithin: '2d', submit } },
  topics: { a: { submit: { ...submit, messageVariable: 'MESSAGE' } } },
});
const zoned = Config.shape.schedules.parse({ b: { rate: '1 day', timezone: 'UTC', submit } });
/** As the page writes what stands for a name. */
const asTold = (name: string): string =>
  name
    .replace(/\.(undelivered-\w+|failed-invocations)$/, '.QUEUE')
    .replace(/^(PREFIX-errors)\..*/, '$1.LAMBDA')
    .replace(/^(PREFIX-failed-invocations)\..*/, '$1.RULE')
    .replace(/(succeeded|no-success)\.a$/, '$1.NAME');

test('the page names everything that is made, as it is named', () => {
  const made = [
    ...[
      desiredBuckets(site, everything),
      desiredRoles(site, { ...everything, schedules: { ...everything.schedules, ...zoned } }),
      desiredLogGroups(site, everything),
      desiredDeadLetterQueues(site, everything),
      desiredScheduleGroups(site, { ...everything, schedules: zoned }),
      desiredAlertRules(site, everything),
      desiredAlarms(site, { ...everything, schedules: { ...everything.schedules, ...zoned } }, [
        ...desiredRules(site, everything),
        ...desiredAlertRules(site, everything),
      ]),
      desiredTopics(site, { ...everything, topics: {} }),
    ],
    functionNames.map((name) => ({ name: names.function(site, name) })),
  ];
  const named = [
    ...made.flat().map(({ name }) => asTold(name)),
    names.bucket(site, 'NAME'),
    names.jobQueue(site, 'NAME'),
    names.repository(site, 'jobs/NAME'),
    names.role(site, jobRole('NAME')),
  ];
  assert.deepEqual(
    named.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});

test('the page says how long things are kept', () => {
  const [logs] = new Set(desiredLogGroups(site, everything).map(({ retentionDays }) => retentionDays));
  const [messages] = new Set(
    desiredDeadLetterQueues(site, everything).map(({ retentionSeconds }) => retentionSeconds / 86_400),
  );
  const claims = desiredBuckets(site, everything)[0]?.lifecycle.find(({ prefix }) => prefix === 'claims/')?.expireDays;
  const kept = `kept for ${logs} days, messages in dead-letter queues for ${messages}, what the state bucket holds for ${claims}.`;
  assert.ok(page.includes(kept), kept);
});
