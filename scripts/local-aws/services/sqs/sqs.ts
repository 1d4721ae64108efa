import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueAttribute, Queues, World } from '../../world.ts';
import type { SqsHandlers } from './handlers.ts';
import { messageHandlers } from './messages.ts';
import { missingQueue, QueueDirectory } from './queue-directory.ts';
import { queueHandlers } from './queues.ts';

/** Amazon SQS: standard queues. A deleted queue's name can be used again at once, and a queue purged as often as wanted. */
export function createSqs(world: World): { readonly handlers: SqsHandlers; readonly queues: Queues } {
  const directory = new QueueDirectory(world);
  world.resourcePolicies.set('sqs', (queueArn) => directory.byArn(queueArn)?.attributes.get('Policy'));
  return {
    handlers: { ...queueHandlers(directory), ...messageHandlers(world, directory) },
    queues: {
      send(queueArn, body, sender, attributes = {}) {
        const queue = directory.byArn(queueArn) ?? missingQueue();
        world.ports.authority.require(sender, 'sqs:SendMessage', queueArn);
        const typed = Object.entries(attributes).map(([name, attribute]) => [name, toAttributeValue(attribute)]);
        queue.send({ body, attributes: Object.fromEntries(typed) });
      },
    },
  };
}

function toAttributeValue(attribute: QueueAttribute): MessageAttributeValue {
  const { dataType, value } = typeof attribute === 'string' ? { dataType: 'String', value: attribute } : attribute;
  return typeof value === 'string'
    ? { DataType: dataType, StringValue: value }
    : { DataType: dataType, BinaryValue: value };
}
