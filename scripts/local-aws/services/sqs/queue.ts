import { randomUUID } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import type { World } from '../../world.ts';
import type { MessageAttributes } from './handlers.ts';
import { initialAttributes, parseRedrivePolicy, setAttributes } from './queue-attributes.ts';
import { QueueDepth, type QueueView } from './queue-depth.ts';

export interface SentMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string | undefined;
}

/** A message in a queue. Times are milliseconds since the epoch. */
export interface QueuedMessage extends SentMessage {
  readonly id: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** The newest of its receipt handles; older ones delete nothing. */
  receipt: string | undefined;
  /** The queue it was dead-lettered from. */
  readonly sourceArn: string | undefined;
}

/** A standard queue. Nothing happens in it by itself: what time does to its messages shows when it is looked at. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly tags = new Map<string, string>();
  readonly attributes = initialAttributes();
  readonly createdAt: number;
  modifiedAt: number;
  readonly #clock: Clock;
  readonly #depth: QueueDepth;
  #messages: QueuedMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(name: string, arn: string, world: Pick<World, 'clock' | 'ports'>) {
    this.name = name;
    this.arn = arn;
    this.#clock = world.clock;
    this.#depth = new QueueDepth(world, name, () => this.#look());
    this.createdAt = world.clock.now();
    this.modifiedAt = this.createdAt;
  }

  set(values: Readonly<Record<string, string>>): void {
    setAttributes(this.attributes, values);
    this.modifiedAt = this.#clock.now();
  }

  /** A setting that is a number: seconds or bytes. */
  number(attribute: string): number {
    return Number(this.attributes.get(attribute));
  }

  send(message: SentMessage, delaySeconds = this.number('DelaySeconds')): QueuedMessage {
    const sentAt = this.#clock.now();
    const queued = { ...message, id: randomUUID(), sentAt, visibleAt: sentAt + delaySeconds * 1_000 };
    return this.#add({ ...queued, ...unreceived, sourceArn: undefined });
  }

  /** Takes up to `limit` visible messages, hidden from others for so long. Those received too often go to `deadLetters`. */
  receive(limit: number, visibilitySeconds: number, deadLetters: (arn: string) => Queue | undefined): QueuedMessage[] {
    const now = this.#clock.now();
    this.#buryDead(deadLetters);
    const taken = this.#kept()
      .filter(({ visibleAt }) => visibleAt <= now)
      .slice(0, limit);
    for (const message of taken) {
      message.visibleAt = now + visibilitySeconds * 1_000;
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.receipt = Buffer.from(`${this.arn} ${message.id} ${randomUUID()}`).toString('base64');
    }
    this.#depth.touch();
    return taken;
  }

  /** Resolves when a message may have become visible, at the deadline, or when the queue is gone. */
  async awaitMessage(deadline: number): Promise<void> {
    const now = this.#clock.now();
    if (this.#closed || now >= deadline) return;
    const soonest = this.#kept().map(({ visibleAt }) => Math.max(visibleAt, now + 1));
    await new Promise<void>((resolve) => {
      const timer = this.#clock.at(Math.min(deadline, ...soonest), () => wake());
      const wake = (): void => {
        timer.cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  /** The message in flight under a receipt handle. */
  inFlight(receipt: string): QueuedMessage | undefined {
    const now = this.#clock.now();
    return this.#kept().find((message) => message.receipt === receipt && message.visibleAt > now);
  }

  /** Puts off when a message becomes visible again; 0 seconds show it at once. */
  hide(message: QueuedMessage, seconds: number): void {
    message.visibleAt = this.#clock.now() + seconds * 1_000;
    this.#depth.touch();
    this.#wake();
  }

  delete(receipt: string): void {
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
    this.#depth.touch();
  }

  purge(): void {
    this.#messages = [];
    this.#depth.touch();
  }

  /** Ends waiting receives; the queue takes no more. */
  close(): void {
    this.#closed = true;
    this.#depth.end();
    this.#wake();
  }

  get closed(): boolean {
    return this.#closed;
  }

  counts(): { readonly visible: number; readonly delayed: number; readonly inFlight: number } {
    const now = this.#clock.now();
    const hidden = this.#kept().filter(({ visibleAt }) => visibleAt > now);
    const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: this.#messages.length - hidden.length, delayed, inFlight: hidden.length - delayed };
  }

  #add(message: QueuedMessage): QueuedMessage {
    this.#messages.push(message);
    this.#depth.touch();
    this.#wake();
    return message;
  }

  /** What can be seen now, and when time alone will change it. */
  #look(): QueueView {
    const now = this.#clock.now();
    const retention = this.number('MessageRetentionPeriod') * 1_000;
    const kept = this.#kept();
    return {
      messages: kept.length,
      visible: kept.filter(({ visibleAt }) => visibleAt <= now).length,
      changesAt: Math.min(...kept.map(({ visibleAt, sentAt }) => (visibleAt > now ? visibleAt : sentAt + retention))),
    };
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** The messages that are not older than the queue keeps them. */
  #kept(): readonly QueuedMessage[] {
    const oldest = this.#clock.now() - this.number('MessageRetentionPeriod') * 1_000;
    this.#messages = this.#messages.filter(({ sentAt }) => sentAt > oldest);
    return this.#messages;
  }

  #buryDead(deadLetters: (arn: string) => Queue | undefined): void {
    const policy = this.attributes.get('RedrivePolicy');
    if (policy === undefined) return;
    const { deadLetterTargetArn, maxReceiveCount } = parseRedrivePolicy(policy);
    const grave = deadLetters(deadLetterTargetArn);
    const now = this.#clock.now();
    const dead = this.#kept().filter((each) => each.visibleAt <= now && each.receiveCount >= maxReceiveCount);
    if (grave === undefined) return;
    this.#messages = this.#messages.filter((message) => !dead.includes(message));
    // A standard queue's message keeps the time it was first sent.
    for (const message of dead) grave.#add({ ...message, ...unreceived, visibleAt: now, sourceArn: this.arn });
  }
}

const unreceived = { receiveCount: 0, firstReceivedAt: undefined, receipt: undefined };
