import assert from 'node:assert/strict';
import test from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { awsServer } from '../../../scripts/local-aws/wire/server.ts';
import { type Context, defineService } from '../../../scripts/local-aws/wire/service.ts';
import { clientConfig, listening } from './echo.ts';

test('restJson1: a job travels to its handler with region and key of the signature, and its ids come back', async () => {
  let seen: unknown;
  const service = defineService(
    batch,
    batch.BatchClient,
  )({
    SubmitJob(input, { region, accessKeyId, principal }) {
      seen = { input, region, accessKeyId, principal };
      return { jobName: input.jobName, jobId: 'id', jobArn: 'arn' };
    },
  });
  await using server = await listening(awsServer({ batch: () => service }));
  const client = new batch.BatchClient(clientConfig(server.endpoint));
  const job = {
    jobName: 'Lambda-Broadbean',
    jobQueue: 'feeds',
    jobDefinition: 'feedstream-Broadbean',
    containerOverrides: { environment: [{ name: 'PARALLELISM', value: '15' }] },
  };
  const { jobId } = await client.send(new batch.SubmitJobCommand(job));
  assert.equal(jobId, 'id');
  assert.deepEqual(seen, {
    input: job,
    region: 'eu-west-1',
    accessKeyId: 'AKIDEXAMPLE',
    principal: { type: 'account' },
  });
});

test('restJson1: an ARN in the path arrives decoded', async () => {
  const service = defineService(
    batch,
    batch.BatchClient,
  )({
    ListTagsForResource: ({ resourceArn }) => ({ tags: { arn: resourceArn } }),
  });
  await using server = await listening(awsServer({ batch: () => service }));
  const client = new batch.BatchClient(clientConfig(server.endpoint));
  const resourceArn = 'arn:aws:batch:eu-west-1:000000000000:job-queue/a b%2F';
  assert.deepEqual((await client.send(new batch.ListTagsForResourceCommand({ resourceArn }))).tags, {
    arn: resourceArn,
  });
});

test('awsJson1_1: an operation is found by its target, and may answer nothing', async () => {
  const service = defineService<object>(events, events.EventBridgeClient)({ DeleteRule: () => undefined });
  await using server = await listening(awsServer({ events: () => service }));
  const client = new events.EventBridgeClient(clientConfig(server.endpoint));
  const { $metadata } = await client.send(new events.DeleteRuleCommand({ Name: 'daily' }));
  assert.equal($metadata.httpStatusCode, 200);
  assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
});

test('awsJson1_0: attributes of a queue travel both ways', async () => {
  const service = defineService(
    sqs,
    sqs.SQSClient,
  )({
    GetQueueAttributes: ({ AttributeNames = [] }) => ({ Attributes: { QueueArn: AttributeNames.join('+') } }),
  });
  await using server = await listening(awsServer({ sqs: () => service }));
  const client = new sqs.SQSClient({ ...clientConfig(server.endpoint), useQueueUrlAsEndpoint: false });
  const command = new sqs.GetQueueAttributesCommand({ QueueUrl: 'http://q', AttributeNames: ['QueueArn', 'Policy'] });
  assert.deepEqual((await client.send(command)).Attributes, { QueueArn: 'QueueArn+Policy' });
});

test('awsQuery: lists, maps and dates of forms and their XML', async () => {
  let seen: unknown;
  const created = new Date('2026-11-23T03:00:00Z');
  await using server = await listening(
    awsServer({
      sns: () =>
        defineService(
          sns,
          sns.SNSClient,
        )({
          CreateTopic(input) {
            seen = input;
            return { TopicArn: 'arn' };
          },
        }),
      iam: () =>
        defineService(
          iam,
          iam.IAMClient,
        )({
          GetRole: ({ RoleName }) => ({
            Role: {
              RoleName,
              Path: '/',
              RoleId: 'A',
              Arn: 'arn',
              CreateDate: created,
              Tags: [{ Key: '<k>', Value: '&\n' }],
            },
          }),
        }),
    }),
  );
  const topic = { Name: 'start-feed-consumer', Attributes: { DisplayName: 'a=b&c' }, Tags: [{ Key: 'k', Value: 'ä' }] };
  await new sns.SNSClient(clientConfig(server.endpoint)).send(new sns.CreateTopicCommand(topic));
  assert.deepEqual(seen, topic);
  const { Role } = await new iam.IAMClient(clientConfig(server.endpoint)).send(
    new iam.GetRoleCommand({ RoleName: 'r' }),
  );
  assert.deepEqual([Role?.CreateDate, Role?.Tags], [created, [{ Key: '<k>', Value: '&\n' }]]);
});

test('restXml: S3 finds bucket, key and metadata, and tells UploadPart from PutObject', async () => {
  const seen: unknown[] = [];
  const service = defineService(
    s3,
    s3.S3Client,
  )({
    PutObject({ Bucket, Key, Metadata }) {
      seen.push(['PutObject', Bucket, Key, Metadata]);
      return { ETag: '"e"' };
    },
    UploadPart({ PartNumber, UploadId }) {
      seen.push(['UploadPart', PartNumber, UploadId]);
      return { ETag: '"p"' };
    },
    DeleteObjects: ({ Delete }) => ({ Deleted: (Delete.Objects ?? []).map(({ Key }) => ({ Key })) }),
  });
  await using server = await listening(awsServer({ s3: () => service }));
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const place = { Bucket: 'feeds', Key: 'snapshots//ä +&.xml' };
  await client.send(new s3.PutObjectCommand({ ...place, Body: 'x', Metadata: { sha256: 'abc' } }));
  await client.send(new s3.UploadPartCommand({ ...place, Body: 'x', PartNumber: 2, UploadId: 'u' }));
  const Objects = [{ Key: 'a&b' }, { Key: ' c\r\n' }];
  const { Deleted } = await client.send(new s3.DeleteObjectsCommand({ Bucket: 'feeds', Delete: { Objects } }));
  assert.deepEqual(seen, [
    ['PutObject', place.Bucket, place.Key, { sha256: 'abc' }],
    ['UploadPart', 2, 'u'],
  ]);
  assert.deepEqual(Deleted, Objects);
});

test('a client without the hint x-id, as the aws CLI is, reaches the same operations', async () => {
  const service = defineService(
    s3,
    s3.S3Client,
  )({
    ListObjectsV2: () => ({ Name: 'v2' }),
    ListObjects: () => ({ Name: 'v1' }),
    GetBucketLocation: () => ({}),
  });
  await using server = await listening(awsServer({ s3: () => service }));
  const get = async (path: string): Promise<string> => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/s3/aws4_request' };
    return (await fetch(server.endpoint + path, { headers })).text();
  };
  assert.match(await get('/bucket?list-type=2&prefix=a'), /<Name>v2<\/Name>/);
  assert.match(await get('/bucket?prefix=a'), /<Name>v1<\/Name>/);
  assert.match(await get('/bucket?location'), /<LocationConstraint xmlns="[^"]*"><\/LocationConstraint>$/);
});

/** Of EC2's model, in the encoding of the SDK's schemas: EC2 itself is not among the clients installed. */
const namespace = 'com.amazonaws.ec2';
const value = [0, { ec2QueryName: 'Value', xmlName: 'item' }];
const filter = [
  3,
  namespace,
  'Filter',
  0,
  ['Name', 'Values'],
  [0, [[1, namespace, 'Values', 0, value], { ec2QueryName: 'Value', xmlName: 'Filter' }]],
];
const filters = [
  [1, namespace, 'Filters', 0, [filter, { xmlName: 'Filter' }]],
  { xmlName: 'Filter', ec2QueryName: 'Filter' },
];
const vpc = [3, namespace, 'Vpc', 0, ['VpcId'], [[0, { xmlName: 'vpcId' }]]];
const vpcs = [[1, namespace, 'Vpcs', 0, [vpc, { xmlName: 'item' }]], { xmlName: 'vpcSet' }];
const ec2 = {
  DescribeVpcs$: [
    ...[9, namespace, 'DescribeVpcs', 0],
    [3, namespace, 'DescribeVpcsRequest', 0, ['Filters', 'DryRun'], [filters, [2, { xmlName: 'dryRun' }]]],
    [3, namespace, 'DescribeVpcsResult', 0, ['Vpcs'], [vpcs]],
  ],
};
class Ec2Client {
  readonly config = {
    defaultSigningName: 'ec2',
    protocol: { getShapeId: () => 'aws.protocols#ec2Query' },
    protocolSettings: { version: '2016-11-15', xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/' },
  };
}

test('ec2Query: flat lists and capitalized names in the form, item sets in the answer', async () => {
  let seen: unknown;
  const handlers: object = {
    DescribeVpcs(input: unknown) {
      seen = input;
      return { Vpcs: [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-2' }] };
    },
  };
  await using server = await listening(awsServer({ ec2: () => defineService<object>(ec2, Ec2Client)(handlers) }));
  const form =
    'Action=DescribeVpcs&Version=2016-11-15&DryRun=false&Filter.1.Name=tag&Filter.1.Value.1=a&Filter.1.Value.2=b';
  const call = (body: string): Promise<Response> =>
    fetch(server.endpoint, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const answer = await (await call(form)).text();
  assert.deepEqual(seen, { Filters: [{ Name: 'tag', Values: ['a', 'b'] }], DryRun: false });
  assert.match(
    answer,
    /^<DescribeVpcsResponse xmlns="http:\/\/ec2[^"]*"><requestId>[0-9a-f-]{36}<\/requestId><vpcSet>/,
  );
  assert.match(answer, /<vpcSet><item><vpcId>vpc-1<\/vpcId><\/item><item><vpcId>vpc-2<\/vpcId><\/item><\/vpcSet>/);
  const refused = await (await call(`${form}&DryRun=perhaps`)).text();
  assert.match(refused, /^<Response><Errors><Error><Code>SerializationException<\/Code>.*<RequestID>/);
});

test('anonymous requests find their service by target, by version and action, or by path', async () => {
  await using server = await listening(
    awsServer({
      sts: () =>
        defineService(
          sts,
          sts.STSClient,
        )({
          AssumeRoleWithWebIdentity: ({ RoleArn }, context) => ({ Audience: RoleArn, Provider: describe(context) }),
        }),
      events: () => defineService(events, events.EventBridgeClient)({ ListRules: () => ({ NextToken: 'here' }) }),
      s3: () => defineService(s3, s3.S3Client)({ GetObject: () => ({ Body: 'public' }) }),
    }),
  );
  const describe = ({ accessKeyId, region }: Context): string => `${accessKeyId} ${region}`;
  const client = new sts.STSClient(clientConfig(server.endpoint));
  const identity = { RoleArn: 'arn', RoleSessionName: 's', WebIdentityToken: 't' };
  const { Audience, Provider } = await client.send(new sts.AssumeRoleWithWebIdentityCommand(identity));
  assert.deepEqual([Audience, Provider], ['arn', 'undefined us-east-1']);
  const headers = { 'x-amz-target': 'AWSEvents.ListRules' };
  const listed = await fetch(server.endpoint, { method: 'POST', body: '{}', headers });
  assert.deepEqual(await listed.json(), { NextToken: 'here' });
  assert.equal(await (await fetch(`${server.endpoint}/bucket/key`)).text(), 'public');
});

test('a service is loaded by its first request, once for all that come together, and again after a failure', async (context) => {
  context.mock.method(process.stderr, 'write', () => true);
  let loads = 0;
  await using server = await listening(
    awsServer({
      async batch() {
        loads += 1;
        await new Promise((resolve) => setImmediate(resolve));
        if (loads === 1) throw new Error('not yet');
        return defineService(batch, batch.BatchClient)({ ListJobs: () => ({ jobSummaryList: [] }) });
      },
    }),
  );
  const client = new batch.BatchClient(clientConfig(server.endpoint));
  const list = () => client.send(new batch.ListJobsCommand({}));
  assert.equal(loads, 0);
  await assert.rejects(list(), { name: 'InternalFailure' });
  await Promise.all([list(), list(), list()]);
  await list();
  assert.equal(loads, 2);
});
