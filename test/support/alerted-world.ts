import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Aws } from '../../scripts/aws/clients.ts';
import type { OpenEnvironment } from '../../scripts/control/environment.ts';
import { jobRunsSince } from '../../scripts/local/job-runs.ts';
import { closed, listening } from '../../scripts/local/loopback.ts';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import type { DrivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { appliedConfig, changedConfig, changeFile } from './applied-config.ts';

/** The shipped config with what an environment may say besides, applied to an embedded AWS whose clock is driven. */
export interface AlertedWorld {
  readonly clock: DrivenClock;
  readonly environment: OpenEnvironment;
  /** Whether the feed answers from now on. */
  serve(feed: 'up' | 'gone'): void;
  /** The jobs there were, oldest first, each as its name and its status. */
  jobs(): Promise<readonly string[]>;
  /** What was published to the topic of alerts since this was asked last. */
  alerts(): Promise<readonly string[]>;
  /** Puts another text in the place of one in the environment's file, and opens it anew. */
  edit(from: string, to: string): Promise<OpenEnvironment>;
}

/** What a plan says of an address that has not answered SNS; nobody does here. */
export const unconfirmed = (topic: string, email: string): string =>
  `subscription "local-${topic}/${email}" is told nothing yet: ${email} must confirm it, with the link in the e-mail that SNS sent`;
const queueArn = 'arn:aws:sqs:eu-central-1:000000000000:listener';
const topicArn = 'arn:aws:sns:eu-central-1:000000000000:local-alerts';

/** The watcher runs alone here: what it finds starts nothing. */
const alone = `
jobDefinitions: { feed-watcher: { attempts: 1 } }
alerts: { emails: [ops@example.com] }
topics:
  start-feed-consumer: { submit: null }
`;

/** A queue of somebody's who listens to the alerts. */
async function listen({ sns, sqs }: Aws): Promise<string> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'listener', Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }));
  if (QueueUrl === undefined) throw new Error('creating queue "listener": AWS answered without its URL');
  return QueueUrl;
}

const Envelope = z.object({ Message: z.string() });

async function messagesIn(sqs: SQSClient, QueueUrl: string): Promise<string[]> {
  const messages: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return messages;
    for (const { Body = '', ReceiptHandle } of Messages) {
      messages.push(Envelope.parse(JSON.parse(Body)).Message);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

export async function alertedWorld(t: TestContext, start: number, overrides: string): Promise<AlertedWorld> {
  const directory = changedConfig(t, {});
  const file = join(directory, 'environments/local.yaml');
  const shipped = readFileSync(file, 'utf8').replace(/\n# What follows overrides[\s\S]*/, '\n');
  writeFileSync(file, `${shipped}${alone}${overrides.replace(/^\n/, '')}`);
  let feed: 'up' | 'gone' = 'up';
  const server = createServer((_request, response) => {
    response.writeHead(feed === 'up' ? 200 : 404, { 'content-type': 'text/xml' });
    response.end(feed === 'up' ? sampleFeed(1) : '');
  });
  const variables = { broadbeanFeedUrl: `${await listening(server, 0)}/feed.xml` };
  t.after(() => closed(server));
  const { clock, environment, reopen } = await appliedConfig(t, { directory, variables, start });
  const { aws } = environment;
  const queueUrl = await listen(aws);
  return {
    clock,
    environment,
    serve: (state) => {
      feed = state;
    },
    jobs: async () => {
      const runs = await jobRunsSince(aws.batch, ['local-feeds'], start);
      return runs.map(({ jobName, status }) => `${jobName} ${status}`);
    },
    alerts: () => messagesIn(aws.sqs, queueUrl),
    edit: async (from, to) => {
      changeFile(file, from, to);
      return reopen();
    },
  };
}
