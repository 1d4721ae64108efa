import { SQS } from '@aws-sdk/client-sqs';

const q = new SQS({ endpoint: 'http://127.0.0.1:9477', region: 'eu-central-1' });
const { QueueUrl } = await q.getQueueUrl({ QueueName: 'shop-undelivered-schedules' });
await q.sendMessage({ QueueUrl, MessageBody: 'hello' });
