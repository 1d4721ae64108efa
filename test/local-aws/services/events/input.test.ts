import assert from 'node:assert/strict';
import test from 'node:test';
import { payloadOf } from '../../../../scripts/local-aws/services/events/input.ts';

/** The event of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
const event = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2015-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING', tags: [{ k: 'a' }, { k: 'b' }], count: 3 },
} as const;
const source = {
  ruleName: 'example',
  ruleArn: 'arn:aws:events:us-east-2:123456789012:rule/example',
  event,
  ingestionTime: '2015-11-11T21:29:55.123Z',
};
const target = { Id: '1', Arn: 'arn:aws:lambda:us-east-2:123456789012:function:f' };
const paths = { timestamp: '$.time', instance: '$.detail.instance-id', state: '$.detail.state', detail: '$.detail' };

const transformed = (InputTemplate: string, InputPathsMap: Record<string, string> = paths): string | undefined =>
  payloadOf({ ...target, InputTransformer: { InputTemplate, InputPathsMap } }, source);

test('a target without input gets the whole event, one with constant input gets exactly that', () => {
  assert.deepEqual(JSON.parse(payloadOf(target, source) ?? ''), event);
  assert.equal(payloadOf({ ...target, Input: '{ "jobName": "x" }' }, source), '{ "jobName": "x" }');
});

test('an input path picks a part of the event', () => {
  const at = (InputPath: string) => payloadOf({ ...target, InputPath }, source);
  assert.equal(at('$.detail.state'), '"RUNNING"');
  assert.equal(at('$.resources[0]'), '"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"');
  assert.equal(at('$.detail.tags[*].k'), '["a","b"]');
  assert.equal(at('$.detail-type'), '"EC2 Instance State-change Notification"');
  assert.deepEqual(JSON.parse(at('$') ?? ''), event);
});

const documented: readonly (readonly [name: string, template: string, output: string])[] = [
  ['a string', '"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
  [
    'a string with escaped quotes',
    '"instance \\"<instance>\\" is in <state>"',
    '"instance \\"i-0123456789\\" is in RUNNING"',
  ],
  ['JSON', '{\n  "instance" : <instance>,\n  "state": <state>\n}', '{"instance":"i-0123456789","state":"RUNNING"}'],
  [
    'JSON with strings and variables',
    '{"instance": <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>"}',
    '{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \\"i-0123456789\\" is in RUNNING"}',
  ],
  [
    'JSON with constants',
    '{"instance": <instance>, "state": [9, <state>, true], "Transformed": "Yes"}',
    '{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}',
  ],
  ['reserved variables in a string', '"<aws.events.rule-name> triggered"', '"example triggered"'],
  [
    'reserved variables in JSON',
    '{"ruleArn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>, "of": "<aws.events.rule-name>"}',
    '{"ruleArn":"arn:aws:events:us-east-2:123456789012:rule/example","at":"2015-11-11T21:29:55.123Z","of":"example"}',
  ],
];

for (const [name, template, output] of documented) {
  test(`a template of ${name} gives what AWS's page shows`, () => assert.equal(transformed(template), output));
}

test('the reserved events stand for the event with and without its detail', () => {
  const { detail, ...rest } = event;
  assert.deepEqual(JSON.parse(transformed('{"e": <aws.events.event>}') ?? ''), { e: rest });
  assert.deepEqual(JSON.parse(transformed('{"e": <aws.events.event.json>}') ?? ''), { e: { ...rest, detail } });
});

test('what the event lacks becomes an empty string, and objects in a string lose their quotes', () => {
  assert.equal(transformed('{"a": <gone>, "b": "-<gone>-"}', { gone: '$.detail.gone' }), '{"a":"","b":"--"}');
  assert.equal(transformed('"tags <tags>"', { tags: '$.detail.tags' }), '"tags [{k:a},{k:b}]"');
  assert.equal(transformed('{"n": <n>, "s": "<n>"}', { n: '$.detail.count' }), '{"n":3,"s":"3"}');
});

test('values are not escaped, and what is no JSON with them in is no input', () => {
  const quoted = { ...source, event: { ...event, source: 'with "quotes"' } };
  const InputTransformer = { InputTemplate: '{"a": "<s>"}', InputPathsMap: { s: '$.source' } };
  assert.equal(payloadOf({ ...target, InputTransformer }, quoted), undefined);
});
