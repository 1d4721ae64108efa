import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { ended, type JobEnd, type JobName, type JobWorld } from './job-world.ts';
import { type Carriage, type Gate, type Handed, startGate } from './mortal-gate.ts';

/** Killed with one of its requests to the outside (from 1 on), on one side of its effect. */
export interface DeathAt {
  readonly effect: number;
  readonly moment: 'before' | 'after';
}

/** Killed when half of the first such request has gone out, or half of the answer to it has come where it has no body. */
interface DeathWithin {
  readonly within: (request: IncomingMessage) => boolean;
  /** And when this has come to pass while it waits for the rest. */
  readonly until?: () => Promise<void>;
}

export type Death = DeathAt | DeathWithin;

/**
 * Before everything, and after each effect that changes something. With one request at a time nothing lies between it
 * and the moment before the next one, and a job that is killed when it has read something leaves what it left before.
 */
export const deathsAt = (effects: readonly string[]): readonly DeathAt[] => [
  { effect: 1, moment: 'before' },
  ...effects.flatMap((effect, at) => (effect.startsWith('GET ') ? [] : [{ effect: at + 1, moment: 'after' } as const])),
];

export interface MortalRun extends JobEnd {
  /** The requests that had their effect, in order: `PUT /feeds/checkpoints/x.json`. */
  readonly effects: readonly string[];
  readonly killed: boolean;
}

/** Runs the tasks, a few at once. */
export async function together(tasks: readonly (() => Promise<void>)[], limit: number): Promise<void> {
  const ahead = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = ahead.shift(); task !== undefined; task = ahead.shift()) await task();
  };
  await Promise.all(Array.from({ length: limit }, work));
}

type Variables = Readonly<Record<string, string>>;

/**
 * Runs a job's process whose every request passes through here: those to AWS and those to the addresses in `services`
 * (variable → address), and kills it with SIGKILL at one of them. Before the effect: nobody hears of the request. Within
 * it: the service gets half of it, or the job half of the answer. After it: it is carried out, and its answer never arrives.
 * What is under way beside it is carried out as well.
 */
export async function runMortal(
  world: JobWorld,
  job: JobName,
  variables: Variables,
  services: Variables,
  death?: Death,
): Promise<MortalRun> {
  await using gates = await MortalWorld.open(world, services);
  return await gates.run(job, variables, death);
}

/** The gates that a job's requests pass through, at the same addresses in each of its attempts. */
export class MortalWorld implements AsyncDisposable {
  readonly #world: JobWorld;
  readonly #gates: ReadonlyMap<string, Gate>;
  /** The variables that say where the services are. */
  readonly addresses: Variables;

  private constructor(world: JobWorld, gates: ReadonlyMap<string, Gate>, addresses: Variables) {
    this.#world = world;
    this.#gates = gates;
    this.addresses = addresses;
  }

  static async open(world: JobWorld, services: Variables): Promise<MortalWorld> {
    const gates = new Map<string, Gate>();
    const addresses: Record<string, string> = {};
    for (const [name, address] of Object.entries({ ...services, AWS_ENDPOINT_URL: world.aws.endpoint })) {
      const { origin, pathname } = new URL(address);
      const gate = await startGate(origin, new Fate(undefined));
      gates.set(name, gate);
      addresses[name] = pathname === '/' ? gate.url : `${gate.url}${pathname}`;
    }
    return new MortalWorld(world, gates, addresses);
  }

  /** One attempt. */
  async run(job: JobName, variables: Variables, death?: Death): Promise<MortalRun> {
    const fate = new Fate(death);
    for (const gate of this.#gates.values()) gate.keeper = fate;
    const child = await this.#world.start(job, { ...variables, ...this.addresses });
    fate.awaits(child);
    const end = await ended(child);
    await fate.awaited;
    return { ...end, effects: fate.effects, killed: fate.struck };
  }

  /** What passes from now on is nobody's that may be killed. */
  letLive(): void {
    for (const gate of this.#gates.values()) gate.keeper = new Fate(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const gate of this.#gates.values()) await gate[Symbol.asyncDispose]();
  }
}

class Fate {
  readonly effects: string[] = [];
  readonly #death: Death | undefined;
  #child: ChildProcess | undefined;
  #requests = 0;
  struck = false;
  /** What it is killed after, within a request; it rejects when that did not come to pass. */
  awaited: Promise<void> | undefined;

  constructor(death: Death | undefined) {
    this.#death = death;
  }

  awaits(child: ChildProcess): void {
    this.#child = child;
  }

  /** The answer to a request; `undefined` when whoever made it does not live to hear it. */
  async pass(request: IncomingMessage, carriage: Carriage): Promise<Handed | undefined> {
    if (this.struck) return undefined;
    this.#requests++;
    const death = this.#death;
    if (death !== undefined && 'within' in death) {
      if (death.within(request)) return await this.#strikeWithin(carriage, death);
      return await this.#carryOut(request, carriage);
    }
    const isLast = this.#requests === death?.effect;
    if (isLast && death?.moment === 'before') return this.#strike();
    const answer = await this.#carryOut(request, carriage);
    return isLast ? this.#strike() : answer;
  }

  async #carryOut({ method, url }: IncomingMessage, carriage: Carriage): Promise<Handed> {
    const answer = await carriage.whole();
    this.effects.push(`${method} ${url?.split('?')[0]}`);
    return answer;
  }

  async #strikeWithin(carriage: Carriage, { until }: DeathWithin): Promise<undefined> {
    const breakOff = await carriage.half();
    this.awaited = until?.();
    try {
      await this.awaited;
    } finally {
      this.#strike();
      breakOff();
    }
  }

  #strike(): undefined {
    this.struck = true;
    this.#child?.kill('SIGKILL');
  }
}
