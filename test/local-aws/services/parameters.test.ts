import assert from 'node:assert/strict';
import test from 'node:test';
import { type Answer, secretStores } from './secret-stores.ts';

test('Parameter Store shows a SecureString to whoever asks for decryption', async (t) => {
  const { ssm } = await secretStores(t, { '/local/given': 'there from the beginning' });
  const put = { Name: '/local/token', Type: 'SecureString', Value: 'one' };
  assert.deepEqual(await ssm('PutParameter', put), { status: 200, Version: 1, Tier: 'Standard' });
  assert.equal((await ssm('PutParameter', put))['__type'], 'ParameterAlreadyExists');
  assert.equal((await ssm('PutParameter', { ...put, Value: 'two', Overwrite: true }))['Version'], 2);
  const get = { Names: ['/local/token', '/local/given', '/none'] };
  const values = ({ Parameters, InvalidParameters }: Answer) => {
    assert.ok(Array.isArray(Parameters));
    return [...Parameters.map(({ Value }) => Value), InvalidParameters];
  };
  assert.deepEqual(values(await ssm('GetParameters', { ...get, WithDecryption: true })), [
    'there from the beginning',
    'two',
    ['/none'],
  ]);
  assert.doesNotMatch(JSON.stringify(await ssm('GetParameters', get)), /"two"|beginning/);
  await ssm('DeleteParameter', { Name: '/local/token' });
  assert.equal((await ssm('GetParameter', { Name: '/local/token' }))['__type'], 'ParameterNotFound');
});

test('a parameter of more than 4,096 characters is advanced, and an advanced one cannot become standard', async (t) => {
  const { ssm } = await secretStores(t);
  const put = (input: object) => ssm('PutParameter', { Name: 'long', Type: 'String', Overwrite: true, ...input });
  const [short, long, longest] = ['x', 'x'.repeat(4_097), 'x'.repeat(8_193)];
  assert.match(
    String((await put({ Value: long }))['message']),
    /^Standard tier parameters support a maximum parameter value of 4096 characters\./,
  );
  assert.equal((await put({ Value: longest, Tier: 'Advanced' }))['__type'], 'ValidationException');
  const tiers: unknown[] = [];
  for (const input of [
    { Value: short },
    { Value: short, Tier: 'Intelligent-Tiering' },
    { Value: long, Tier: 'Intelligent-Tiering' },
    { Value: short, Tier: 'Intelligent-Tiering' },
    { Value: short, Tier: 'Advanced' },
  ])
    tiers.push((await put(input))['Tier']);
  assert.deepEqual(tiers, ['Standard', 'Standard', 'Advanced', 'Advanced', 'Advanced']);
  for (const input of [{ Value: short, Tier: 'Standard' }, { Value: short }]) {
    const { __type, message } = await put(input);
    assert.equal(__type, 'ValidationException');
    assert.match(String(message), /You can't downgrade a parameter from the advanced-parameter tier/);
  }
  await ssm('DeleteParameter', { Name: 'long' });
  assert.deepEqual(await put({ Value: short }), { status: 200, Version: 1, Tier: 'Standard' });
});

test('Parameter Store describes what it was told of parameters, page by page', async (t) => {
  const given = 'arn:aws:ssm:eu-central-1:000000000000:parameter/feeds/token';
  const { ssm } = await secretStores(t, { [given]: 'x'.repeat(4_097) });
  const description = { Description: 'of the feed', Tier: 'Advanced' };
  await ssm('PutParameter', { Name: '/feeds/url', Type: 'String', Value: 'one', ...description });
  await ssm('PutParameter', { Name: '/feeds/url', Value: 'two', Tier: 'Advanced', Overwrite: true });
  await ssm('PutParameter', { Name: 'other', Type: 'SecureString', Value: 'one', KeyId: 'alias/aws/ssm' });
  const describe = async (input: object) => {
    const { Parameters, NextToken } = await ssm('DescribeParameters', input);
    assert.ok(Array.isArray(Parameters));
    return { names: Parameters.map(({ Name }) => Name), first: Parameters[0], NextToken };
  };
  const page = await describe({ MaxResults: 2 });
  assert.deepEqual(page.names, ['/feeds/token', '/feeds/url']);
  assert.deepEqual([page.first.ARN, page.first.Tier], [given, 'Advanced']);
  const { names, NextToken } = await describe({ MaxResults: 2, NextToken: page.NextToken });
  assert.deepEqual([names, NextToken], [['other'], undefined]);
  const filtered = async (...ParameterFilters: object[]) => describe({ ParameterFilters });
  assert.deepEqual((await filtered({ Key: 'Name', Option: 'BeginsWith', Values: ['/feeds/'] })).names.length, 2);
  assert.deepEqual((await filtered({ Key: 'Type', Values: ['SecureString'] })).names, ['/feeds/token', 'other']);
  const { LastModifiedDate: _, ...url } = (await filtered({ Key: 'Name', Values: ['/feeds/url'] })).first;
  assert.deepEqual(url, {
    ...{ ARN: 'arn:aws:ssm:eu-central-1:000000000000:parameter/feeds/url', Name: '/feeds/url', Type: 'String' },
    ...{ Version: 2, DataType: 'text', ...description },
  });
});

test('Parameter Store answers a 501 for what it would have to ignore', async (t) => {
  const { ssm } = await secretStores(t);
  const put = { Name: 'new', Type: 'SecureString', Value: 'one' };
  const cases: readonly (readonly [string, Answer])[] = [
    ['PutParameter', { ...put, AllowedPattern: '.*' }],
    ['PutParameter', { ...put, Policies: '[]' }],
    ['PutParameter', { ...put, Tags: [{ Key: 'team', Value: 'feeds' }] }],
    ['PutParameter', { ...put, KeyId: 'alias/mine' }],
    ['PutParameter', { ...put, DataType: 'aws:ec2:image' }],
    ['GetParameter', { Name: 'new:3' }],
    ['GetParameters', { Names: ['new', 'new:label'] }],
    ['DescribeParameters', { Shared: true }],
    ['DescribeParameters', { Filters: [{ Key: 'Name', Values: ['new'] }] }],
    ['DescribeParameters', { ParameterFilters: [{ Key: 'Path', Values: ['/'] }] }],
  ];
  for (const [operation, input] of cases) {
    const { status, __type } = await ssm(operation, input);
    assert.deepEqual([status, __type], [501, 'NotImplemented'], JSON.stringify(input));
  }
  assert.deepEqual((await ssm('GetParameters', { Names: ['new'] }))['InvalidParameters'], ['new']);
});

test('Parameter Store has limits, and tells nothing of a value that breaks them', async (t) => {
  const { ssm } = await secretStores(t);
  const refusal = async (operation: string, input: object) => {
    const { status, __type, message } = await ssm(operation, input);
    assert.equal(status, 400, JSON.stringify(input));
    assert.doesNotMatch(String(message), /sesame/, JSON.stringify(input));
    return `${__type}: ${message}`;
  };
  const put = (input: object) => refusal('PutParameter', { Name: 'new', Type: 'String', Value: 'sesame', ...input });
  for (const Tier of ['Standard', 'Advanced'])
    assert.match(
      await put({ Tier, Value: 'sesame'.repeat(2_000) }),
      /^ValidationException: .* a maximum parameter value of/,
    );
  const names = {
    'a/b': /^ValidationException: Parameter name must be a fully qualified name/,
    'a b': /^ValidationException: .* letters, numbers and the following 3 symbols/,
    '/a/': /^ValidationException: .* must not end with slash/,
    '/AWS/token': /^AccessDeniedException: No access to reserved parameter name: AWS\/token/,
    ssmtoken: /^ValidationException: .* can't be prefixed/,
    ['/a'.repeat(16)]: /^HierarchyLevelLimitExceededException/,
    ['a'.repeat(1_000)]: /^ValidationException: The ARN of a parameter can have 1011 characters/,
  };
  for (const [Name, message] of Object.entries(names)) assert.match(await put({ Name }), message);
  assert.match(await put({ Type: 'Text' }), /Value 'Text' at 'type' .* enum value set/);
  assert.match(await put({ Tier: 'Basic' }), /Value 'Basic' at 'tier' .* enum value set/);
  assert.match(
    await put({ DataType: 'binary' }),
    /^ValidationException: The following data type is not supported: binary/,
  );
  assert.match(await put({ KeyId: 'alias/aws/ssm' }), /^ValidationException: KeyId is required for SecureString/);
  const by = (filter: object) => refusal('DescribeParameters', { ParameterFilters: [filter] });
  assert.match(await by({ Key: 'Type', Option: 'Contains', Values: ['S'] }), /^InvalidFilterOption/);
  assert.match(await by({ Key: 'Name' }), /^InvalidFilterValue/);
  assert.match(await refusal('DescribeParameters', { NextToken: 'no token' }), /^InvalidNextToken/);
  const eleven = Array.from({ length: 11 }, (_, at) => `name-${at}`);
  assert.match(await refusal('GetParameters', { Names: eleven }), /at 'names' .* less than or equal to 10$/);
  await ssm('PutParameter', { Name: ' /a/b ', Type: 'String', Value: 'one' });
  assert.equal((await ssm('DeleteParameter', { Name: '/a/b' }))['status'], 200);
});
