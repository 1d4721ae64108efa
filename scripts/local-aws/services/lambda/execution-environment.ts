import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Timer } from '../../runtime/clock.ts';
import { type ProcessGroup, startProcessGroup } from '../../runtime/process-group.ts';
import type { Credentials, World } from '../../world.ts';
import { processEnvironment } from './environment-variables.ts';
import type { Deployment } from './function.ts';
import { InvocationLog } from './invocation-log.ts';
import type { NextInvocation, RuntimeApi } from './runtime-api.ts';
import { exitReason } from './runtime-exit.ts';

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
}

/** What an invocation came to. A handler that failed is an answer too: Lambda calls it a function error. */
interface Answer {
  readonly failed: boolean;
  /** JSON text. */
  readonly payload: string;
}

export interface Outcome extends Answer {
  /** The last lines of the invocation's log. */
  readonly log: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const initLimit = 10_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestResponse = 6_291_556;
/** What the bootstrap's line at the end of an invocation begins with. */
const endMark = '\u0001';
const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

interface Running {
  readonly invocation: Invocation;
  readonly log: InvocationLog;
  readonly settle: (outcome: Answer) => void;
  timer: Timer;
  answer: Answer | undefined;
  /** Its last line has been read, so its log is whole. */
  ended: boolean;
}

const errorPayload = (errorType: string, errorMessage: string): string => JSON.stringify({ errorType, errorMessage });

/** One process that runs one deployment's code, one invocation at a time. It starts with its first invocation. */
export class ExecutionEnvironment {
  readonly deployment: Deployment;
  readonly #world: World;
  readonly #api: RuntimeApi;
  readonly #credentials: Credentials;
  readonly #stream: string;
  #process: Promise<ProcessGroup | undefined> | undefined;
  #running: Running | undefined;
  #ask: ((invocation: NextInvocation) => void) | undefined;
  #isAlive = true;

  /** Throws AwsError when the function's role cannot be assumed. */
  constructor(world: World, api: RuntimeApi, deployment: Deployment) {
    this.#world = world;
    this.#api = api;
    this.deployment = deployment;
    const { functionName, settings } = deployment;
    this.#credentials = world.ports.identity.credentialsFor(settings.role, functionName, 'lambda.amazonaws.com');
    const day = new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.#stream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  }

  /** Whether it can take another invocation: its process runs, and its credentials outlast the longest invocation. */
  isUsable(): boolean {
    const { timeout } = this.deployment.settings;
    return this.#isAlive && this.#credentials.expiration.getTime() > this.#world.clock.now() + timeout * 1000;
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const isCold = this.#process === undefined;
    const log = new InvocationLog(this.#world, this.deployment, this.#stream, invocation.requestId, isCold);
    const answer = await new Promise<Answer>((settle) => {
      const timer = this.#world.clock.after(initLimit, () => this.#timeOut(initLimit));
      this.#running = { invocation, log, settle, timer, answer: undefined, ended: false };
      this.#process ??= this.#start();
      this.#handOut();
    });
    return { ...answer, log: log.tail() };
  }

  /** Resolves when the process is gone. An invocation under way fails. */
  async stop(): Promise<void> {
    this.#isAlive = false;
    const group = await this.#process;
    group?.kill('SIGKILL');
    await group?.exited;
  }

  async #start(): Promise<ProcessGroup | undefined> {
    const { address, close } = this.#open();
    try {
      const group = await this.#spawn(address);
      void group.exited.then((exitCode) => {
        close();
        this.#exited(exitReason(exitCode));
      });
      return group;
    } catch (error) {
      close();
      this.#exited(`Couldn't start the runtime: ${String(error)}`);
      return undefined;
    }
  }

  #open(): { readonly address: string; close(): void } {
    return this.#api.open({
      next: (ask) => {
        this.#ask = ask;
        this.#handOut();
      },
      succeeded: (requestId, payload) => this.#answered(requestId, { failed: false, payload }),
      failed: (requestId, payload) => this.#answered(requestId, { failed: true, payload }),
      initFailed: (payload) => this.#answered(this.#running?.invocation.requestId, { failed: true, payload }),
    });
  }

  #spawn(runtimeApi: string): Promise<ProcessGroup> {
    const { settings, code } = this.deployment;
    return startProcessGroup({
      program: process.execPath,
      args: [`--max-old-space-size=${Math.floor(settings.memorySize * 0.9)}`, bootstrap],
      workingDirectory: code.folder,
      environment: processEnvironment(this.#world, this.deployment, {
        runtimeApi,
        credentials: this.#credentials,
        logStream: this.#stream,
      }),
      onLines: (lines) => this.#read(lines),
    });
  }

  /** Gives the invocation to the process as soon as there is the one and it asks for it; the time-out counts from then. */
  #handOut(): void {
    if (this.#ask === undefined || this.#running === undefined) return;
    const { invocation } = this.#running;
    const limit = this.deployment.settings.timeout * 1000;
    this.#running.timer.cancel();
    this.#running.timer = this.#world.clock.after(limit, () => this.#timeOut(limit));
    this.#running.log.begin();
    this.#ask({ ...invocation, functionArn: this.deployment.functionArn, deadline: Date.now() + limit });
    this.#ask = undefined;
  }

  #read(lines: readonly string[]): void {
    for (const line of lines) {
      if (!line.startsWith(endMark)) this.#running?.log.write(line);
      else {
        const [ending, memoryUsed] = line.slice(endMark.length).split(' ');
        this.#ended(ending === 'last', Number(memoryUsed));
      }
    }
  }

  #ended(isLast: boolean, memoryUsed: number): void {
    if (isLast) this.#isAlive = false;
    if (this.#running === undefined) return;
    this.#running.ended = true;
    this.#running.log.memoryUsed = memoryUsed;
    this.#settleWhenWhole();
  }

  #answered(requestId: string | undefined, answer: Answer): void {
    if (this.#running === undefined || requestId !== this.#running.invocation.requestId) return;
    const isTooLarge = Buffer.byteLength(answer.payload) > longestResponse;
    this.#running.answer = isTooLarge ? tooLarge : answer;
    this.#settleWhenWhole();
  }

  #settleWhenWhole(): void {
    if (this.#running?.answer !== undefined && this.#running.ended) this.#settle(this.#running.answer);
  }

  #settle(answer: Answer, last?: string): void {
    const running = this.#running;
    this.#running = undefined;
    running?.timer.cancel();
    running?.log.end(last);
    running?.settle(answer);
  }

  #timeOut(limit: number): void {
    const { requestId } = this.#running?.invocation ?? {};
    const message = `Task timed out after ${(limit / 1000).toFixed(2)} seconds`;
    this.#isAlive = false;
    void this.#process?.then((group) => group?.kill('SIGKILL'));
    this.#settle(
      { failed: true, payload: errorPayload('Sandbox.Timedout', `RequestId: ${requestId} Error: ${message}`) },
      `${new Date(this.#world.clock.now()).toISOString()} ${requestId} ${message}`,
    );
  }

  #exited(reason: string): void {
    this.#isAlive = false;
    if (this.#running === undefined) return;
    const { answer, invocation } = this.#running;
    const message = `RequestId: ${invocation.requestId} Error: ${reason}`;
    this.#settle(answer ?? { failed: true, payload: errorPayload('Runtime.ExitError', message) }, message);
  }
}

const tooLarge = {
  failed: true,
  payload: errorPayload(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${longestResponse} bytes).`,
  ),
};
