import assert from 'node:assert/strict';
import test from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as events from '@aws-sdk/client-eventbridge';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sns from '@aws-sdk/client-sns';
import { sections } from '../../scripts/config/reference-fields.ts';
import { shapeOf } from '../../scripts/local-aws/wire/schema.ts';
import type { Shape } from '../../scripts/local-aws/wire/shape.ts';

/** Every structure of the APIs that config speaks of, from the schemas of AWS's own SDK: 3 marks a structure. */
const structures = [batch, cloudwatch, logs, ecr, events, s3, scheduler, sns]
  .flatMap((client): unknown[] => Object.values(client))
  .filter((exported) => Array.isArray(exported) && exported[0] === 3)
  .map((exported) => shapeOf(exported));

function member(shape: Shape, name: string): readonly Shape[] {
  if (shape.kind === 'list') return member(shape.item, name);
  const found = shape.kind === 'struct' ? shape.members.get(name) : undefined;
  return found === undefined ? [] : [found];
}

/** Whether some structure has these members inside each other; `[VCPU]` only chooses an entry of a list. */
const isAwsName = (dotted: string): boolean =>
  dotted
    .replaceAll(/\[\w*\]/g, '')
    .split('.')
    .reduce<readonly Shape[]>((shapes, name) => shapes.flatMap((shape) => member(shape, name)), structures).length > 0;

test("what stands for AWS's name of a field is one", () => {
  const wrong = [...sections()].flatMap(([section, { fields }]) =>
    fields.flatMap(({ path, aws }) => (aws === undefined || isAwsName(aws) ? [] : [`${section}.${path}: ${aws}`])),
  );
  assert.deepEqual(wrong, [], 'a description begins with what AWS calls the field, or with a sentence of ours');
});

test('a name that AWS does not have, or has elsewhere, is found', () => {
  const names = ['computeResources.maxvCpus', 'resourceRequirements[VCPU]', 'embedded', 'computeResources.maxVcpus'];
  assert.deepEqual(names.map(isAwsName), [true, true, false, false]);
});
