import { AwsError } from '../../wire/errors.ts';
import { taggedBy, type World } from '../../world.ts';
import { Queue } from './queue.ts';
import { checkValues, parseRedrivePolicy } from './queue-attributes.ts';

/** The queues of the account, by name. */
export class QueueDirectory {
  readonly #world: World;
  readonly #queues = new Map<string, Queue>();

  constructor(world: World) {
    this.#world = world;
    world.tagged.push(() => this.all().map(({ arn, tags }) => taggedBy(arn, tags)));
    world.onStop.push(async () => {
      for (const queue of this.#queues.values()) queue.close();
    });
  }

  all(): readonly Queue[] {
    return [...this.#queues.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  named(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    return this.all().find((queue) => queue.arn === arn);
  }

  /** A queue's URL names it by its path, whatever host the client reached it by. Throws QueueDoesNotExist. */
  byUrl(url: string): Queue {
    const [, account, name = ''] = /\/([^/]+)\/([^/]+)\/?$/.exec(url) ?? [];
    return (account === this.#world.account ? this.named(name) : undefined) ?? missingQueue();
  }

  urlOf(queue: Queue): string {
    return `${this.#world.endpoint()}/${this.#world.account}/${queue.name}`;
  }

  create(name: string, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Queue {
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    checkValues(attributes);
    const existing = this.named(name);
    if (existing !== undefined) return requireSame(existing, attributes);
    this.#checkRedrive(attributes);
    const { partition, region, account } = this.#world;
    const queue = new Queue(name, `arn:${partition}:sqs:${region}:${account}:${name}`, this.#world);
    queue.set(attributes);
    for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
    this.#queues.set(name, queue);
    return queue;
  }

  update(queue: Queue, attributes: Readonly<Record<string, string>>): void {
    checkValues(attributes);
    this.#checkRedrive(attributes);
    queue.set(attributes);
  }

  delete(queue: Queue): void {
    this.#queues.delete(queue.name);
    queue.close();
  }

  #checkRedrive({ RedrivePolicy: policy }: { readonly RedrivePolicy?: string }): void {
    if (policy === undefined || policy === '') return;
    if (this.byArn(parseRedrivePolicy(policy).deadLetterTargetArn) === undefined) {
      const reason = 'Dead letter target does not exist.';
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
      );
    }
  }
}

export const missingQueue = (): never => {
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
};

/** CreateQueue is idempotent: it compares the attributes that it is given, and no others. */
function requireSame(queue: Queue, attributes: Readonly<Record<string, string>>): Queue {
  const other = Object.keys(attributes).find((name) => attributes[name] !== queue.attributes.get(name));
  if (other === undefined) return queue;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other}`,
  );
}
