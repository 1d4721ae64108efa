import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import * as ecr from '@aws-sdk/client-ecr';
import * as events from '@aws-sdk/client-eventbridge';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { batchLimits } from '../../../scripts/local-aws/limits/batch.ts';
import { ecrLimits } from '../../../scripts/local-aws/limits/ecr.ts';
import { eventsLimits } from '../../../scripts/local-aws/limits/events.ts';
import { AwsError } from '../../../scripts/local-aws/wire/errors.ts';
import { awsServer } from '../../../scripts/local-aws/wire/server.ts';
import { defineService } from '../../../scripts/local-aws/wire/service.ts';
import { clientConfig, listening } from './echo.ts';

const throwing = (error: Error) => (): never => {
  throw error;
};

const hasStatus = (status: number, name: string) => (error: unknown) => {
  assert.ok(error instanceof Error && '$metadata' in error);
  assert.deepEqual([Reflect.get(Object(error.$metadata), 'httpStatusCode'), error.name], [status, name]);
  return true;
};

/** Collects what is written to stderr while the test runs. */
function stderrOf(context: TestContext): string[] {
  const written: string[] = [];
  context.mock.method(process.stderr, 'write', (text: string) => written.push(text) > 0);
  return written;
}

test('a modelled error of restJson1 arrives as its class, with status, message and request id', async () => {
  const service = defineService(
    batch,
    batch.BatchClient,
  )({
    SubmitJob: throwing(new AwsError('ClientException', 'JobQueue nowhere not found')),
  });
  await using server = await listening(awsServer({ batch: () => service }));
  const client = new batch.BatchClient(clientConfig(server.endpoint));
  const command = new batch.SubmitJobCommand({ jobName: 'a', jobQueue: 'nowhere', jobDefinition: 'b' });
  await assert.rejects(client.send(command), (error) => {
    assert.ok(error instanceof batch.ClientException);
    assert.equal(error.message, 'JobQueue nowhere not found');
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    return true;
  });
});

test('an error of awsQuery is found by its name in the model and by its code on the wire', async () => {
  const service = defineService(
    sns,
    sns.SNSClient,
  )({
    Publish: throwing(new AwsError('NotFoundException', 'Topic does not exist')),
    GetTopicAttributes: throwing(new AwsError('NotFound', 'Topic does not exist')),
  });
  await using server = await listening(awsServer({ sns: () => service }));
  const client = new sns.SNSClient(clientConfig(server.endpoint));
  const isNotFound = (error: unknown): boolean =>
    error instanceof sns.NotFoundException &&
    error.message === 'Topic does not exist' &&
    error.$metadata.httpStatusCode === 404;
  await assert.rejects(client.send(new sns.PublishCommand({ Message: 'a' })), isNotFound);
  await assert.rejects(client.send(new sns.GetTopicAttributesCommand({ TopicArn: 'a' })), isNotFound);
});

test('SQS tells the code that the error had when it spoke awsQuery', async () => {
  const service = defineService(
    sqs,
    sqs.SQSClient,
  )({
    GetQueueUrl: throwing(new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')),
  });
  await using server = await listening(awsServer({ sqs: () => service }));
  const client = new sqs.SQSClient(clientConfig(server.endpoint));
  await assert.rejects(client.send(new sqs.GetQueueUrlCommand({ QueueName: 'a' })), (error) => {
    assert.ok(error instanceof sqs.QueueDoesNotExist);
    assert.equal(Reflect.get(error, 'Code'), 'AWS.SimpleQueueService.NonExistentQueue');
    return true;
  });
});

test('an error of restXml carries its status and its further fields, modelled or not', async () => {
  const service = defineService(
    s3,
    s3.S3Client,
  )({
    GetObject: throwing(new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: 'a&b' })),
    PutObject: throwing(
      new AwsError('PreconditionFailed', 'At least one did not hold', 412, { Condition: 'If-Match' }),
    ),
  });
  await using server = await listening(awsServer({ s3: () => service }));
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const place = { Bucket: 'bucket', Key: 'a' };
  await assert.rejects(client.send(new s3.GetObjectCommand(place)), (error) => {
    assert.ok(error instanceof s3.NoSuchKey);
    assert.equal(error.$metadata.httpStatusCode, 404);
    assert.equal(Reflect.get(error, 'Key'), 'a&b');
    return true;
  });
  await assert.rejects(client.send(new s3.PutObjectCommand({ ...place, Body: 'x' })), {
    name: 'PreconditionFailed',
    Condition: 'If-Match',
  });
});

test('a mistake in a handler answers InternalFailure, is printed once with its stack, and the server goes on', async (context) => {
  const printed = stderrOf(context);
  const service = defineService(
    events,
    events.EventBridgeClient,
  )({
    PutRule: throwing(new RangeError('index out of reach')),
    ListRules: () => ({ Rules: [] }),
  });
  await using server = await listening(awsServer({ events: () => service }));
  const client = new events.EventBridgeClient(clientConfig(server.endpoint));
  await assert.rejects(client.send(new events.PutRuleCommand({ Name: 'a' })), hasStatus(500, 'InternalFailure'));
  assert.equal(printed.length, 1);
  assert.match(printed[0] ?? '', /^answering events:PutRule: RangeError: index out of reach\n\s+at /);
  assert.deepEqual((await client.send(new events.ListRulesCommand({}))).Rules, []);
});

test('an answer that does not fit the model is a mistake too', async (context) => {
  const printed = stderrOf(context);
  const wrong: object = { ListRules: () => ({ Rules: 'none' }) };
  const service = defineService<object>(events, events.EventBridgeClient)(wrong);
  await using server = await listening(awsServer({ events: () => service }));
  const client = new events.EventBridgeClient(clientConfig(server.endpoint));
  await assert.rejects(client.send(new events.ListRulesCommand({})), { name: 'InternalFailure' });
  assert.match(printed.join(''), /writing Rules: string is not a list/);
});

test('an operation that nobody wrote answers 501 by name, in the protocol of its service', async () => {
  await using server = await listening(
    awsServer({
      batch: () => defineService(batch, batch.BatchClient)({}),
      s3: () => defineService(s3, s3.S3Client)({}),
      sns: () => defineService(sns, sns.SNSClient)({}),
      sqs: () => defineService(sqs, sqs.SQSClient)({}),
    }),
  );
  const config = clientConfig(server.endpoint);
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['batch:ListJobs', () => new batch.BatchClient(config).send(new batch.ListJobsCommand({}))],
    ['s3:GetBucketAcl', () => new s3.S3Client(config).send(new s3.GetBucketAclCommand({ Bucket: 'bucket' }))],
    ['sns:ListTopics', () => new sns.SNSClient(config).send(new sns.ListTopicsCommand({}))],
    ['sqs:ListQueues', () => new sqs.SQSClient(config).send(new sqs.ListQueuesCommand({}))],
  ];
  for (const [operation, call] of calls) {
    await assert.rejects(call, hasStatus(501, 'NotImplemented'));
    await assert.rejects(call, { message: `${operation} is not implemented by the embedded AWS` });
  }
});

test('a service that is not there answers 501 by name, whatever protocol its clients speak', async () => {
  await using server = await listening(awsServer({}));
  const config = clientConfig(server.endpoint);
  const says = (service: string) => ({ name: 'NotImplemented', message: new RegExp(`no service "${service}" for `) });
  await assert.rejects(new batch.BatchClient(config).send(new batch.ListJobsCommand({})), says('batch'));
  await assert.rejects(new s3.S3Client(config).send(new s3.ListBucketsCommand({})), says('s3'));
  await assert.rejects(new sns.SNSClient(config).send(new sns.ListTopicsCommand({})), says('sns'));
});

test('a value of the wrong type is refused, as AWS refuses a number in an environment variable', async () => {
  const service = defineService(batch, batch.BatchClient)({ SubmitJob: () => ({ jobName: 'a', jobId: 'b' }) });
  await using server = await listening(awsServer({ batch: () => service }));
  const job = {
    jobName: 'a',
    jobQueue: 'b',
    jobDefinition: 'c',
    containerOverrides: { environment: [{ name: 'N', value: 15 }] },
  };
  const answer = await fetch(`${server.endpoint}/v1/submitjob`, {
    method: 'POST',
    body: JSON.stringify(job),
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/batch/aws4_request' },
  });
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('x-amzn-errortype'), 'SerializationException');
  assert.deepEqual(await answer.json(), {
    message: "NUMBER_VALUE can not be converted to a String at 'containerOverrides.environment.1.member.value'",
  });
});

test('every required member that is missing is named, also deep inside', async () => {
  const service = defineService(events, events.EventBridgeClient)({ PutTargets: () => ({ FailedEntryCount: 0 }) });
  await using server = await listening(awsServer({ events: () => service }));
  const client = new events.EventBridgeClient(clientConfig(server.endpoint));
  const targets: object[] = [{ Id: 'a' }];
  const input: object = { Targets: targets };
  const command: unknown = Reflect.construct(events.PutTargetsCommand, [input]);
  assert.ok(command instanceof events.PutTargetsCommand);
  await assert.rejects(client.send(command), {
    name: 'ValidationException',
    message:
      "2 validation errors detected: Value null at 'rule' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'targets.1.member.arn' failed to satisfy constraint: Member must not be null",
  });
});

test('limits are enforced, and each service refuses in its own words', async () => {
  await using server = await listening(
    awsServer({
      events: () => defineService(events, events.EventBridgeClient)({ PutRule: () => ({}) }, eventsLimits),
      batch: () =>
        defineService(batch, batch.BatchClient)(
          { CreateJobQueue: ({ jobQueueName }) => ({ jobQueueName, jobQueueArn: '' }) },
          batchLimits,
        ),
      ecr: () => defineService(ecr, ecr.ECRClient)({ CreateRepository: () => ({}) }, ecrLimits),
    }),
  );
  const config = clientConfig(server.endpoint);
  const rules = new events.EventBridgeClient(config);
  const name = 'n'.repeat(65);
  await assert.rejects(rules.send(new events.PutRuleCommand({ Name: name })), {
    name: 'ValidationException',
    message: `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64`,
  });
  assert.ok(await rules.send(new events.PutRuleCommand({ Name: 'n'.repeat(64) })));
  const queue: object = { jobQueueName: 'a', priority: 1, state: 'PAUSED' };
  const command: unknown = Reflect.construct(batch.CreateJobQueueCommand, [queue]);
  assert.ok(command instanceof batch.CreateJobQueueCommand);
  await assert.rejects(new batch.BatchClient(config).send(command), {
    name: 'ClientException',
    message: /^Error executing request, Exception : 1 validation error detected: Value 'PAUSED' at 'state' failed/,
  });
  await assert.rejects(new ecr.ECRClient(config).send(new ecr.CreateRepositoryCommand({ repositoryName: 'a' })), {
    name: 'InvalidParameterException',
    message:
      "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'",
  });
});
