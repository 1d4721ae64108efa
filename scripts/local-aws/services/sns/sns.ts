import type { Topics, World } from '../../world.ts';
import type { SnsHandlers } from './handlers.ts';
import { messageHandlers, publish } from './publish.ts';
import { subscriptionHandlers } from './subscriptions.ts';
import { TopicDirectory } from './topic-directory.ts';
import { topicHandlers } from './topics.ts';

/** Amazon SNS: standard topics with subscriptions by Lambda, SQS and (never confirmed) e-mail. */
export function createSns(world: World): { readonly handlers: SnsHandlers; readonly topics: Topics } {
  const directory = new TopicDirectory(world);
  return {
    handlers: {
      ...topicHandlers(world, directory),
      ...subscriptionHandlers(world, directory),
      ...messageHandlers(world, directory),
    },
    topics: {
      publish(topicArn, message, subject) {
        publish(world, directory, directory.require(topicArn), { Message: message, Subject: subject });
      },
    },
  };
}
