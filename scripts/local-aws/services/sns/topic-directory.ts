import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import { taggedBy, type World } from '../../world.ts';
import { invalid } from './handlers.ts';
import type { Protocol, Subscription } from './subscription.ts';

export interface Topic {
  readonly name: string;
  readonly arn: string;
  /** As they were set; what is not set is absent. */
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  /** How many subscriptions it had that are gone. */
  deletedSubscriptions: number;
}

/** "Amazon SNS deletes unconfirmed subscriptions after 48 hours" (API reference, Subscribe). */
const confirmationWithin = 48 * 3_600_000;

/** The topics of the account and what is subscribed to them. */
export class TopicDirectory {
  readonly #world: World;
  readonly #topics = new Map<string, Topic>();
  #subscriptions: Subscription[] = [];

  constructor(world: World) {
    this.#world = world;
    world.tagged.push(() => this.all().map(({ arn, tags }) => taggedBy(arn, tags)));
  }

  all(): readonly Topic[] {
    return [...this.#topics.values()].sort((one, other) => (one.arn < other.arn ? -1 : 1));
  }

  arnOf(name: string): string {
    const { partition, region, account } = this.#world;
    return `arn:${partition}:sns:${region}:${account}:${name}`;
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** Throws NotFoundException, or InvalidParameterException for what is no topic's ARN at all. */
  require(arn: string): Topic {
    if (!/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/.test(arn)) throw invalid('TopicArn');
    const topic = this.find(arn);
    if (topic === undefined) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    return topic;
  }

  add(name: string): Topic {
    const arn = this.arnOf(name);
    const topic = { name, arn, attributes: new Map(), tags: new Map(), deletedSubscriptions: 0 };
    this.#topics.set(arn, topic);
    return topic;
  }

  /** Its subscriptions go with it. */
  delete(arn: string): void {
    this.#topics.delete(arn);
    this.#subscriptions = this.#subscriptions.filter(({ topicArn }) => topicArn !== arn);
  }

  subscriptions(): readonly Subscription[] {
    const oldest = this.#world.clock.now() - confirmationWithin;
    this.#subscriptions = this.#subscriptions.filter(({ pending, createdAt }) => !pending || createdAt > oldest);
    return this.#subscriptions;
  }

  subscriptionsOf(topic: Topic): readonly Subscription[] {
    return this.subscriptions().filter(({ topicArn }) => topicArn === topic.arn);
  }

  /** Throws NotFoundException, also while the subscription is pending: it has no ARN for others yet. */
  requireSubscription(arn: string): Subscription {
    if (arn.split(':').length < 6) {
      const length = arn.split(':').length;
      throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${length}`);
    }
    const subscription = this.subscriptions().find((each) => each.arn === arn);
    if (subscription === undefined) throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
    return subscription;
  }

  newSubscription(topic: Topic, protocol: Protocol, endpoint: string): Subscription {
    const pending = protocol.startsWith('email');
    return {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      pending,
      token: randomBytes(128).toString('hex'),
      authenticated: !pending,
      createdAt: this.#world.clock.now(),
      attributes: new Map(),
      filter: undefined,
    };
  }

  subscribe(subscription: Subscription): void {
    this.#subscriptions.push(subscription);
  }

  unsubscribe(subscription: Subscription): void {
    this.#subscriptions = this.#subscriptions.filter((each) => each !== subscription);
    const topic = this.find(subscription.topicArn);
    if (topic !== undefined) topic.deletedSubscriptions += 1;
  }
}
