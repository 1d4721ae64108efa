import type { ChildProcess } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closed, listening } from '../../scripts/local/loopback.ts';
import { ended, type JobEnd, type JobName, type JobWorld } from './job-world.ts';

/** When a job is killed: with which of its requests to the outside (from 1 on), and on which side of its effect. */
export interface Death {
  readonly effect: number;
  readonly moment: 'before' | 'after';
}

/**
 * Before everything, and after each effect that changes something. With one request at a time nothing lies between it
 * and the moment before the next one, and a job that is killed when it has read something leaves what it left before.
 */
export const deathsAt = (effects: readonly string[]): readonly Death[] => [
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
 * (variable → address), and kills it with SIGKILL at one of them. Before the effect: nobody hears of the request. After
 * it: it is carried out, and its answer never arrives. What is under way beside it is carried out as well.
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
      const gate = await startGate(origin);
      gates.set(name, gate);
      addresses[name] = pathname === '/' ? gate.url : `${gate.url}${pathname}`;
    }
    return new MortalWorld(world, gates, addresses);
  }

  /** One attempt. */
  async run(job: JobName, variables: Variables, death?: Death): Promise<MortalRun> {
    const fate = new Fate(death);
    for (const gate of this.#gates.values()) gate.fate = fate;
    const child = await this.#world.start(job, { ...variables, ...this.addresses });
    fate.awaits(child);
    return { ...(await ended(child)), effects: fate.effects, killed: fate.struck };
  }

  /** What passes from now on is nobody's that may be killed. */
  letLive(): void {
    for (const gate of this.#gates.values()) gate.fate = new Fate(undefined);
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

  constructor(death: Death | undefined) {
    this.#death = death;
  }

  awaits(child: ChildProcess): void {
    this.#child = child;
  }

  /** The answer to a request; `undefined` when whoever made it does not live to hear it. */
  async pass<Answer>(name: string, effect: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.struck) return undefined;
    this.#requests++;
    const isLast = this.#requests === this.#death?.effect;
    if (isLast && this.#death?.moment === 'before') return this.#strike();
    const answer = await effect();
    this.effects.push(name);
    return isLast ? this.#strike() : answer;
  }

  #strike(): undefined {
    this.struck = true;
    this.#child?.kill('SIGKILL');
  }
}

interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Of the job that runs now. */
  fate: Fate;
}

/** A server on 127.0.0.1 that hands every request on, if fate lets it. */
async function startGate(target: string): Promise<Gate> {
  const server = createServer((incoming, response) => {
    const pass = async (): Promise<void> => {
      const body = await buffer(incoming);
      const name = `${incoming.method} ${incoming.url?.split('?')[0]}`;
      const answer = await gate.fate.pass(name, () => handOn(target, incoming, body));
      if (answer === undefined) response.destroy();
      else reply(response, answer);
    };
    pass().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const gate: Gate = {
    url: await listening(server, 0),
    fate: new Fate(undefined),
    [Symbol.asyncDispose]: () => closed(server),
  };
  return gate;
}

interface Handed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function handOn(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Handed> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false };
    const outgoing = request(new URL(url ?? '/', target), options, (answer) => {
      buffer(answer).then((text) => {
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function reply(response: ServerResponse, { status, headers, body }: Handed): void {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
}
