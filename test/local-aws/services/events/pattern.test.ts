import assert from 'node:assert/strict';
import test from 'node:test';
import { matches, PatternError, parsePattern } from '../../../../scripts/local-aws/services/events/pattern.ts';
import { isObject } from '../../../../scripts/local-aws/services/json.ts';

const matching = (pattern: object, event: object): boolean => {
  const object: unknown = JSON.parse(JSON.stringify(event));
  assert.ok(isObject(object));
  return matches(parsePattern(JSON.stringify(pattern)), object);
};

/**
 * What a pattern for one field matches and what it does not, after
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html.
 */
const table: readonly (readonly [name: string, pattern: unknown[], yes: unknown[], no: unknown[]])[] = [
  ['a value', ['a', 1, true, null], ['a', 1, true, null, 1.0], ['A', '1', false, '', {}]],
  ['a value in a list', ['a'], [['b', 'a']], [['b'], []]],
  ['numbers however written', [300], [300, 3e2, 300.0], ['300', 301]],
  ['emptiness', [''], [''], [null, ' ']],
  ['prefix', [{ prefix: 'us-' }], ['us-east-1'], ['eu-us-', 5, null]],
  ['prefix in any case', [{ prefix: { 'equals-ignore-case': 'EventB' } }], ['eventbridge', 'EVENTB'], ['xeventb']],
  ['suffix', [{ suffix: '.png' }], ['a.png'], ['a.png ', 'A.PNG']],
  ['suffix in any case', [{ suffix: { 'equals-ignore-case': '.png' } }], ['A.PNG'], ['png']],
  ['equality in any case', [{ 'equals-ignore-case': 'alice' }], ['ALICE', 'Alice'], ['alice ', 'bob']],
  ['wildcard', [{ wildcard: 'dir/*/a*.ts' }], ['dir/x/y/abc.ts', 'dir//a.ts'], ['dir/a.ts', 'dir/x/a.tsx']],
  ['wildcard with escapes', [{ wildcard: 'a\\*b\\\\*' }], ['a*b\\', 'a*b\\tail'], ['axb\\', 'a*b']],
  ['wildcard and the letters of regular expressions', [{ wildcard: 'a.b(*)' }], ['a.b(c)', 'a.b()'], ['axb(c)']],
  ['anything but a value', [{ 'anything-but': 'x' }], ['y', 5, null], ['x']],
  ['anything but some numbers', [{ 'anything-but': [100, 200] }], [300, '100'], [100, 200]],
  ['anything but a prefix', [{ 'anything-but': { prefix: 'in' } }], ['out', 5], ['init']],
  ['anything but some prefixes', [{ 'anything-but': { prefix: ['in', 'up'] } }], ['out'], ['init', 'up']],
  ['anything but a suffix', [{ 'anything-but': { suffix: '.png' } }], ['a.jpg'], ['a.png']],
  ['anything but in any case', [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }], ['c'], ['a', 'B']],
  ['anything but a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['/src/x'], ['/lib/x']],
  ['numeric in a range', [{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1, '3']],
  ['numeric equality', [{ numeric: ['=', 3.018e2] }], [301.8], [301]],
  ['an IPv4 range', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', 'host', '::1']],
  ['an IPv6 range', [{ cidr: '2001:db8::/32' }], ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
  ['presence', [{ exists: true }], ['x', '', 0, null], [undefined, {}, []]],
  ['absence', [{ exists: false }], [undefined, { c1: 100 }], ['x', null]],
  ['absence or a value', [{ exists: false }, 'x'], [undefined, 'x'], ['y']],
];

for (const [name, pattern, yes, no] of table) {
  test(`${name} is matched as AWS documents it`, () => {
    for (const value of yes) assert.ok(matching({ f: pattern }, { f: value }), JSON.stringify(value));
    for (const value of no) assert.ok(!matching({ f: pattern }, { f: value }), JSON.stringify(value));
  });
}

test('all fields must match, nested ones too, and others of the event do not matter', () => {
  const pattern = { source: ['aws.batch'], detail: { status: ['FAILED'], container: { exitCode: [1, 2] } } };
  const event = {
    source: 'aws.batch',
    account: '1',
    detail: { status: 'FAILED', container: { exitCode: 2, image: 'i' } },
  };
  assert.ok(matching(pattern, event));
  assert.ok(!matching(pattern, { ...event, source: 'aws.s3' }));
  assert.ok(!matching(pattern, { ...event, detail: { status: 'FAILED', container: 'none' } }));
  assert.ok(!matching(pattern, { ...event, detail: undefined }));
});

test('of a list of objects one must match as a whole', () => {
  const pattern = { detail: { attempts: { exitCode: [1], reason: [{ prefix: 'Host' }] } } };
  const attempt = (exitCode: number, reason: string) => ({ exitCode, reason });
  assert.ok(matching(pattern, { detail: { attempts: [attempt(0, ''), attempt(1, 'Host EC2')] } }));
  assert.ok(!matching(pattern, { detail: { attempts: [attempt(1, ''), attempt(0, 'Host EC2')] } }));
});

test('a field is absent also where the object that would hold it is', () => {
  assert.ok(matching({ detail: { code: [{ exists: false }] } }, { source: 'x' }));
});

test('$or takes one of its alternatives beside the other fields, at any depth', () => {
  const pattern = {
    source: ['s'],
    $or: [{ a: [{ numeric: ['>', 10] }] }, { b: ['x'] }],
    detail: { $or: [{ c: ['y'] }, { d: [{ exists: true }] }] },
  };
  assert.ok(matching(pattern, { source: 's', a: 11, detail: { c: 'y' } }));
  assert.ok(matching(pattern, { source: 's', b: 'x', detail: { d: 0 } }));
  assert.ok(!matching(pattern, { source: 't', b: 'x', detail: { d: 0 } }));
  assert.ok(!matching(pattern, { source: 's', a: 10, detail: { c: 'y' } }));
  assert.ok(!matching(pattern, { source: 's', a: 11, detail: {} }));
});

const refused: readonly (readonly [pattern: string, reason: RegExp])[] = [
  ['', /not an object/],
  ['[]', /not an object/],
  ['{}', /Empty patterns are not allowed/],
  ['{"source":"s"}', /"source" must be an object or an array/],
  ['{"source":[]}', /Empty arrays are not allowed/],
  ['{"detail":{}}', /Empty objects are not allowed/],
  ['{"a":[["x"]]}', /Match value must be String, number, true, false, or null/],
  ['{"a":[{"begins":"x"}]}', /Unrecognized match type begins/],
  ['{"a":[{"prefix":"x","suffix":"y"}]}', /Only one key allowed/],
  ['{"a":[{"prefix":1}]}', /prefix match pattern must be a string/],
  ['{"a":[{"prefix":{"suffix":"x"}}]}', /Unsupported prefix pattern: suffix/],
  ['{"a":[{"exists":"yes"}]}', /must be either true or false/],
  ['{"a":[{"anything-but":[]}]}', /anything-but must be an array or single/],
  ['{"a":[{"anything-but":[true]}]}', /anything-but must be an array or single/],
  ['{"a":[{"anything-but":{"numeric":["=",1]}}]}', /Unsupported anything-but pattern: numeric/],
  ['{"a":[{"numeric":[">"]}]}', /one or two comparisons/],
  ['{"a":[{"numeric":["!=",1]}]}', /Unrecognized numeric range operator: !=/],
  ['{"a":[{"numeric":[">","1"]}]}', /must be a number/],
  ['{"a":[{"cidr":"10.0.0.0"}]}', /Malformed CIDR/],
  ['{"a":[{"cidr":"10.0.0.0/33"}]}', /Malformed CIDR/],
  ['{"a":[{"wildcard":"a**"}]}', /Consecutive wildcard/],
  ['{"a":[{"wildcard":"a\\\\b"}]}', /Invalid escape/],
  ['{"$or":[{"a":["x"]}]}', /\$or must be an array of two or more/],
];

for (const [pattern, reason] of refused) {
  test(`the pattern ${pattern === '' ? 'that is empty' : pattern} is refused`, () => {
    assert.throws(
      () => parsePattern(pattern),
      (error) => error instanceof PatternError && reason.test(error.message),
    );
  });
}
