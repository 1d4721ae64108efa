import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { ExecutionEnvironment, type Invocation, type Outcome } from './execution-environment.ts';
import type { Deployment, LambdaFunction } from './function.ts';
import { type RuntimeApi, serveRuntimeApi } from './runtime-api.ts';

/** Processes of one function at a time. AWS starts a thousand; one machine is better off when the others wait. */
const mostAtOnce = 8;

interface Crew {
  readonly idle: ExecutionEnvironment[];
  readonly working: Set<ExecutionEnvironment>;
  readonly waiting: (() => void)[];
}

/** The execution environments of all functions, warm between invocations. */
export class EnvironmentPool {
  readonly #world: World;
  readonly #api: RuntimeApi;
  readonly #crews = new Map<string, Crew>();
  #isStopped = false;

  constructor(world: World) {
    this.#world = world;
    this.#api = serveRuntimeApi(world);
    world.onStop.push(() => this.#stopAll());
  }

  /**
   * Invokes what the function is at the time that its turn comes. Rejects with AwsError when its role cannot be assumed;
   * whatever its code does is an outcome.
   */
  async invoke(found: LambdaFunction, invocation: Invocation): Promise<Outcome> {
    const crew = this.#crewOf(found.deployment.functionName);
    if (crew.working.size >= mostAtOnce) await new Promise<void>((resolve) => crew.waiting.push(resolve));
    try {
      return await this.#run(crew, found, invocation);
    } finally {
      crew.waiting.shift()?.();
    }
  }

  async #run(crew: Crew, found: LambdaFunction, invocation: Invocation): Promise<Outcome> {
    const environment = this.#take(crew, found.deployment);
    crew.working.add(environment);
    try {
      const outcome = await environment.invoke(invocation);
      this.#report(found.deployment.functionName, outcome);
      return outcome;
    } finally {
      crew.working.delete(environment);
      const isCurrent = environment.deployment === found.deployment && !found.isDeleted;
      if (isCurrent && environment.isUsable() && !this.#isStopped) crew.idle.push(environment);
      else await environment.stop();
    }
  }

  /** Ends the idle environments of a function; those at work end when they are done, as their deployment is not current. */
  async retire(functionName: string): Promise<void> {
    const idle = this.#crewOf(functionName).idle.splice(0);
    await Promise.all(idle.map((environment) => environment.stop()));
  }

  /** Lambda reports errors and throttles of every invocation, also that there were none. */
  #report(functionName: string, { failed }: Outcome): void {
    const { metrics } = this.#world.ports;
    metrics.count('AWS/Lambda', 'Invocations', { FunctionName: functionName });
    metrics.count('AWS/Lambda', 'Errors', { FunctionName: functionName }, failed ? 1 : 0);
    // Invocations beyond the limit wait here, where AWS would throttle them.
    metrics.count('AWS/Lambda', 'Throttles', { FunctionName: functionName }, 0);
  }

  #crewOf(functionName: string): Crew {
    const crew = this.#crews.get(functionName) ?? { idle: [], working: new Set(), waiting: [] };
    this.#crews.set(functionName, crew);
    return crew;
  }

  #take(crew: Crew, deployment: Deployment): ExecutionEnvironment {
    for (let idle = crew.idle.pop(); idle !== undefined; idle = crew.idle.pop()) {
      if (idle.deployment === deployment && idle.isUsable()) return idle;
      void idle.stop();
    }
    if (this.#isStopped) throw new AwsError('ServiceException', 'the embedded AWS is stopping', 500);
    return new ExecutionEnvironment(this.#world, this.#api, deployment);
  }

  async #stopAll(): Promise<void> {
    this.#isStopped = true;
    const all = [...this.#crews.values()].flatMap(({ idle, working }) => [...idle, ...working]);
    await Promise.all(all.map((environment) => environment.stop()));
  }
}
