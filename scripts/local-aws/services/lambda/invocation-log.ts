import { AwsError } from '../../wire/errors.ts';
import type { Caller, World } from '../../world.ts';
import type { Deployment, Settings } from './function.ts';

/** What Invoke returns of a log: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const tailBytes = 4_096;

/** The log of one invocation, in the form that Lambda's text format has. */
export class InvocationLog {
  /** MiB, as far as the process has told. */
  memoryUsed = 0;
  readonly #world: World;
  readonly #settings: Settings;
  readonly #writer: Caller;
  readonly #stream: string;
  readonly #requestId: string;
  readonly #created: number;
  readonly #isCold: boolean;
  #begun: number | undefined;
  #text = '';

  constructor(
    world: World,
    { functionName, settings }: Deployment,
    stream: string,
    requestId: string,
    isCold: boolean,
  ) {
    this.#world = world;
    this.#settings = settings;
    this.#writer = { type: 'role', roleArn: settings.role, session: functionName };
    this.#stream = stream;
    this.#requestId = requestId;
    this.#created = world.clock.now();
    this.#isCold = isCold;
  }

  begin(): void {
    this.#begun = this.#world.clock.now();
    this.write(`START RequestId: ${this.#requestId} Version: $LATEST`);
  }

  write(line: string): void {
    this.#text = `${this.#text}${line}\n`.slice(-tailBytes);
    const event = { timestamp: this.#world.clock.now(), message: line };
    try {
      this.#world.ports.logs.append(this.#settings.logGroup, this.#stream, [event], this.#writer);
    } catch (error) {
      // A function whose role may not write logs runs all the same, and nothing of it is logged.
      if (!(error instanceof AwsError)) throw error;
    }
  }

  /** `last` is what Lambda itself says of an invocation that ended badly. */
  end(last?: string): void {
    if (last !== undefined) this.write(last);
    const begun = this.#begun ?? this.#created;
    const duration = this.#world.clock.now() - begun;
    this.write(`END RequestId: ${this.#requestId}`);
    this.write(
      [
        `REPORT RequestId: ${this.#requestId}`,
        `Duration: ${duration.toFixed(2)} ms`,
        `Billed Duration: ${Math.max(1, Math.ceil(duration))} ms`,
        `Memory Size: ${this.#settings.memorySize} MB`,
        `Max Memory Used: ${this.memoryUsed} MB`,
        ...(this.#isCold ? [`Init Duration: ${(begun - this.#created).toFixed(2)} ms`] : []),
      ].join('\t'),
    );
  }

  tail(): string {
    return Buffer.from(this.#text).subarray(-tailBytes).toString();
  }
}
