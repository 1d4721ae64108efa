import type { Timer } from '../../runtime/clock.ts';
import type { World } from '../../world.ts';

/** A queue as CloudWatch sees it. */
export interface QueueView {
  readonly messages: number;
  readonly visible: number;
  /** When messages appear or expire by themselves; infinity when none will. */
  readonly changesAt: number;
}

/**
 * A queue is reported while it holds messages, and for six hours after it was last used.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
const activeFor = 6 * 3_600_000;

/** Tells CloudWatch how many messages of a queue can be received, each time that this changes. */
export class QueueDepth {
  readonly #world: Pick<World, 'clock' | 'ports'>;
  readonly #name: string;
  readonly #look: () => QueueView;
  #activeUntil = 0;
  #timer: Timer | undefined;

  constructor(world: Pick<World, 'clock' | 'ports'>, name: string, look: () => QueueView) {
    this.#world = world;
    this.#name = name;
    this.#look = look;
  }

  /** Somebody used the queue. */
  touch(): void {
    this.#activeUntil = this.#world.clock.now() + activeFor;
    this.#update();
  }

  /** The queue is gone. */
  end(): void {
    this.#timer?.cancel();
    this.#report(undefined);
  }

  #update(): void {
    const { messages, visible, changesAt } = this.#look();
    const isActive = messages > 0 || this.#world.clock.now() < this.#activeUntil;
    this.#report(isActive ? visible : undefined);
    this.#timer?.cancel();
    const next = messages > 0 ? changesAt : this.#activeUntil;
    this.#timer = isActive ? this.#world.clock.at(next, () => this.#update()) : undefined;
  }

  #report(visible: number | undefined): void {
    const dimensions = { QueueName: this.#name };
    this.#world.ports.metrics.level('AWS/SQS', 'ApproximateNumberOfMessagesVisible', dimensions, visible);
  }
}
