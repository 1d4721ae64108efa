import { randomUUID } from 'node:crypto';
import type { Timer } from '../../runtime/clock.ts';
import { AwsError } from '../../wire/errors.ts';
import type { Functions, Invoker, World } from '../../world.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import type { Outcome } from './execution-environment.ts';
import type { FunctionStore, LambdaFunction } from './function.ts';
import { deliverOutcome, type Finished } from './outcome-delivery.ts';
import { allows } from './policy-document.ts';

/** Milliseconds before the first and the second retry, and the most of each setting. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const retryDelays = [60_000, 120_000];
const longestAge = 21_600_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestPayload = 1_048_576;

interface QueuedEvent {
  readonly requestId: string;
  readonly payload: string;
  readonly acceptedAt: number;
  readonly attempts: number;
}

/** Lambda's own queue of events: accepted at once, tried up to three times, then dead-lettered. */
export class AsynchronousInvocations implements Functions {
  readonly #world: World;
  readonly #functions: FunctionStore;
  readonly #pool: EnvironmentPool;
  readonly #retries = new Set<Timer>();
  #isStopped = false;

  constructor(world: World, functions: FunctionStore, pool: EnvironmentPool) {
    this.#world = world;
    this.#functions = functions;
    this.#pool = pool;
    world.onStop.push(async () => this.#stop());
  }

  invokeAsync(functionArn: string, payload: string, invoker: Invoker): void {
    const found = this.#functions.get(functionArn);
    if ('service' in invoker && !allows(found.statements.values(), invoker, this.#world.account))
      throw new AwsError(
        'AccessDeniedException',
        `${invoker.service} is not authorized to perform: lambda:InvokeFunction on resource: ${found.deployment.functionArn} because no resource-based policy allows the lambda:InvokeFunction action for ${invoker.arn}`,
        403,
      );
    this.accept(found, payload);
  }

  /** Queues an event and returns its request id. */
  accept(found: LambdaFunction, payload: string): string {
    if (Buffer.byteLength(payload) > longestPayload)
      throw new AwsError(
        'RequestTooLargeException',
        `${Buffer.byteLength(payload)} byte payload is too large for the Event invocation type (limit ${longestPayload} bytes)`,
        413,
      );
    const requestId = randomUUID();
    this.#begin(found, { requestId, payload, acceptedAt: this.#world.clock.now(), attempts: 0 });
    return requestId;
  }

  #begin(found: LambdaFunction, event: QueuedEvent): void {
    void this.#world.clock.busy(() => this.#attempt(found, { ...event, attempts: event.attempts + 1 }));
  }

  async #attempt(found: LambdaFunction, event: QueuedEvent): Promise<void> {
    const outcome = await this.#invoke(found, event);
    if (this.#isStopped) return;
    const { maximumRetryAttempts = retryDelays.length, maximumEventAgeInSeconds } = found.asynchronous ?? {};
    const finish = (condition: Finished['condition']) =>
      deliverOutcome(this.#world, found, { ...event, outcome, condition });
    const delay = retryDelays[event.attempts - 1];
    const lastTime = event.acceptedAt + (maximumEventAgeInSeconds ?? longestAge / 1000) * 1000;
    if (!outcome.failed) finish('Success');
    else if (delay === undefined || event.attempts > maximumRetryAttempts) finish('RetriesExhausted');
    else if (this.#world.clock.now() + delay > lastTime) finish('EventAgeExceeded');
    else this.#retryAfter(delay, found, event);
  }

  /** A role that cannot be assumed fails the attempt, as an error of the function does. */
  async #invoke(found: LambdaFunction, event: QueuedEvent): Promise<Outcome> {
    try {
      return await this.#pool.invoke(found, event);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { failed: true, payload: JSON.stringify({ errorType: error.code, errorMessage: error.message }), log: '' };
    }
  }

  /** A function that is gone by then takes its events with it. */
  #retryAfter(delay: number, found: LambdaFunction, event: QueuedEvent): void {
    const timer = this.#world.clock.after(delay, () => {
      this.#retries.delete(timer);
      if (!found.isDeleted) this.#begin(found, event);
    });
    this.#retries.add(timer);
  }

  #stop(): void {
    this.#isStopped = true;
    for (const timer of this.#retries) timer.cancel();
  }
}
