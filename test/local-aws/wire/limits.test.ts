import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { batchLimits } from '../../../scripts/local-aws/limits/batch.ts';
import { cloudwatchLimits } from '../../../scripts/local-aws/limits/cloudwatch.ts';
import { ecrLimits } from '../../../scripts/local-aws/limits/ecr.ts';
import { eventsLimits } from '../../../scripts/local-aws/limits/events.ts';
import { iamLimits } from '../../../scripts/local-aws/limits/iam.ts';
import { lambdaLimits } from '../../../scripts/local-aws/limits/lambda.ts';
import { logsLimits } from '../../../scripts/local-aws/limits/logs.ts';
import { s3Limits } from '../../../scripts/local-aws/limits/s3.ts';
import { schedulerLimits } from '../../../scripts/local-aws/limits/scheduler.ts';
import { secretsManagerLimits } from '../../../scripts/local-aws/limits/secretsmanager.ts';
import { snsLimits } from '../../../scripts/local-aws/limits/sns.ts';
import { sqsLimits } from '../../../scripts/local-aws/limits/sqs.ts';
import { ssmLimits } from '../../../scripts/local-aws/limits/ssm.ts';
import { stsLimits } from '../../../scripts/local-aws/limits/sts.ts';
import { taggingLimits } from '../../../scripts/local-aws/limits/tagging.ts';
import { brokenRules, type LimitTable } from '../../../scripts/local-aws/wire/limits.ts';
import { shapeOf } from '../../../scripts/local-aws/wire/schema.ts';

/** By botocore's names of the services. */
const tables: Readonly<Record<string, LimitTable>> = {
  batch: batchLimits.structures,
  cloudwatch: cloudwatchLimits.structures,
  ecr: ecrLimits.structures,
  events: eventsLimits.structures,
  iam: iamLimits.structures,
  lambda: lambdaLimits.structures,
  logs: logsLimits.structures,
  resourcegroupstaggingapi: taggingLimits.structures,
  s3: s3Limits.structures,
  scheduler: schedulerLimits.structures,
  secretsmanager: secretsManagerLimits.structures,
  sns: snsLimits.structures,
  sqs: sqsLimits.structures,
  ssm: ssmLimits.structures,
  sts: stsLimits.structures,
};

/** Prints, of the structures it is asked for, every limit that botocore's copy of AWS's model holds. */
const readModel = `
import json, sys, botocore.session
session = botocore.session.get_session()
def limits(shape):
    found = {key: shape.metadata[key] for key in ('min', 'max', 'pattern', 'enum') if key in shape.metadata}
    return {key: value for key, value in found.items() if (key, value) != ('min', 0)}
def put(into, name, shape):
    if limits(shape): into[name] = limits(shape)
    if shape.type_name == 'list': put(into, name + '[]', shape.member)
    if shape.type_name == 'map':
        put(into, name + '{key}', shape.key)
        put(into, name + '{}', shape.value)
result = {}
for service, structures in json.load(sys.stdin).items():
    model = session.get_service_model(service)
    result[service] = {}
    for structure in structures:
        result[service][structure] = {}
        for name, member in model.shape_for(structure).members.items(): put(result[service][structure], name, member)
json.dump(result, sys.stdout)
`;

const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;
const skip = hasBotocore ? false : 'python3 with botocore is not on PATH, so there is no model to compare with';

test("the limits of every listed structure are those of botocore's model", { skip }, () => {
  const structures = Object.entries(tables).map(([service, table]) => [service, Object.keys(table)]);
  const { stdout, stderr, status } = spawnSync('python3', ['-c', readModel], {
    input: JSON.stringify(Object.fromEntries(structures)),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr);
  assert.deepEqual(tables, JSON.parse(stdout));
});

test('every pattern can be matched, and every limit says something', () => {
  const text = shapeOf(0);
  for (const table of Object.values(tables))
    for (const members of Object.values(table))
      for (const [member, limit] of Object.entries(members)) {
        assert.doesNotThrow(() => brokenRules(limit, text, 'x'), member);
        assert.notDeepEqual(limit, {}, member);
      }
});

test('lengths are of whole characters, patterns of the whole text, and ranges of the number', () => {
  const text = shapeOf(0);
  assert.deepEqual(brokenRules({ max: 2 }, text, '😀😀'), []);
  assert.deepEqual(brokenRules({ max: 2 }, text, 'abc'), ['have length less than or equal to 2']);
  assert.deepEqual(brokenRules({ pattern: '[a-z]+' }, text, 'ab1'), ['satisfy regular expression pattern: [a-z]+']);
  assert.deepEqual(brokenRules({ enum: ['A', 'B'] }, text, 'C'), ['satisfy enum value set: [A, B]']);
  assert.deepEqual(brokenRules({ min: 1, max: 3 }, shapeOf(1), 0), ['have value greater than or equal to 1']);
  assert.deepEqual(brokenRules({ min: 1 }, shapeOf(64), []), ['have length greater than or equal to 1']);
});
