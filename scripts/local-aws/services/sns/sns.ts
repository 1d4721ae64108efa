import type { Topics, World } from '../../world.ts';
import type { SnsHandlers } from './handlers.ts';
import { Mailbox } from './mailbox.ts';
import { messageHandlers, publish } from './publish.ts';
import { subscriptionHandlers } from './subscriptions.ts';
import { type Topic, TopicDirectory } from './topic-directory.ts';
import { defaultPolicy, topicHandlers } from './topics.ts';

/** Amazon SNS: standard topics with subscriptions by Lambda, SQS and e-mail. */
export function createSns(world: World): { readonly handlers: SnsHandlers; readonly topics: Topics } {
  const directory = new TopicDirectory(world);
  const mailbox = new Mailbox(world);
  const defaults = new WeakMap<Topic, string>();
  const defaultOf = (topic: Topic): string => {
    const text = defaults.get(topic) ?? defaultPolicy(topic, world.account);
    defaults.set(topic, text);
    return text;
  };
  world.resourcePolicies.set('sns', (topicArn) => {
    const topic = directory.find(topicArn);
    return topic && (topic.attributes.get('Policy') ?? defaultOf(topic));
  });
  return {
    handlers: {
      ...topicHandlers(world, directory),
      ...subscriptionHandlers(world, directory, mailbox),
      ...messageHandlers(world, directory, mailbox),
    },
    topics: {
      publish(topicArn, message, publisher, subject) {
        const topic = directory.require(topicArn);
        world.ports.authority.require(publisher, 'sns:Publish', topicArn);
        publish(world, directory, mailbox, topic, { Message: message, Subject: subject });
      },
    },
  };
}
