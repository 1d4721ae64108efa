import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';
import { DescribeJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { awsClients } from '../../scripts/aws/clients.ts';

test('a submission whose answer is lost is sent once, one that is throttled again, and a question until it is answered', async (t) => {
  const answers: (number | 'none')[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const answer = answers.shift() ?? 200;
    if (answer === 'none') return void request.socket.destroy();
    const type = answer === 429 ? { 'x-amzn-errortype': 'TooManyRequestsException' } : {};
    response
      .writeHead(answer, { 'content-type': 'application/json', ...type })
      .end('{"jobId":"x","jobName":"a","jobs":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const aws = awsClients({
    ...{ region: 'eu-central-1', owner: 'a/b', endpoint: `http://127.0.0.1:${address.port}` },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  t.after(() => {
    aws.close();
    server.closeAllConnections();
    server.close();
  });
  const counted = async (given: readonly (number | 'none')[], work: () => Promise<unknown>) => {
    answers.splice(0, answers.length, ...given);
    requests = 0;
    const outcome = await work().then(
      () => 'answered',
      () => 'failed',
    );
    return [outcome, requests];
  };
  const submit = () => aws.submitting.send(new SubmitJobCommand({ jobName: 'a', jobQueue: 'q', jobDefinition: 'd' }));
  assert.deepEqual(await counted(['none'], submit), ['failed', 1]);
  assert.deepEqual(await counted([500], submit), ['failed', 1]);
  assert.deepEqual(await counted([429, 429], submit), ['answered', 3]);
  const ask = () => aws.batch.send(new DescribeJobsCommand({ jobs: ['x'] }));
  assert.deepEqual(await counted(['none', 500], ask), ['answered', 3]);
});
