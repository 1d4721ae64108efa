import type { Aws } from '../../scripts/aws/clients.ts';

type ClientName = { [Name in keyof Aws]: Aws[Name] extends { readonly send: unknown } ? Name : never }[keyof Aws];

const clients: Readonly<Record<ClientName, true>> = {
  batch: true,
  cloudwatch: true,
  ecr: true,
  events: true,
  iam: true,
  lambda: true,
  logs: true,
  s3: true,
  scheduler: true,
  sns: true,
  sqs: true,
  sts: true,
  submitting: true,
  tagging: true,
};

const isClient = (name: string): name is ClientName => Object.hasOwn(clients, name);

/** What is thrown at who was killed, so that nothing of it goes on. */
class Killed extends Error {
  override readonly name = 'Killed';
}

const nameOf = (command: unknown): string => (command instanceof Object ? command.constructor.name : '');

const isRead = (command: unknown): boolean => /^(BatchCheck|BatchGet|Describe|Get|Head|List)/.test(nameOf(command));

export interface Mortal {
  /** How many calls were made that are no reads. */
  writes(): number;
  /** Their commands, in the order in which they were answered. */
  readonly written: readonly string[];
  /** Makes once more each read that was made, also what is there no more, and returns how many. */
  readAgain(): Promise<number>;
}

/**
 * Kills who calls AWS after its `last`-th write, or its first by the command `last`: that call is carried out and its
 * answer is not heard, none leaves after it, and what is under way beside it is carried out unheard as well.
 */
export function killAfter(aws: Aws, last: number | string): Mortal {
  const written: string[] = [];
  const reads: (() => Promise<unknown>)[] = [];
  const alive = (): void => {
    const isDead = typeof last === 'string' ? written.includes(last) : written.length >= last;
    if (isDead) throw new Killed(`killed after write ${last}`);
  };
  for (const name of Object.keys(clients).filter(isClient)) {
    const client = aws[name];
    const send = client.send;
    const mortal = async (...args: readonly unknown[]): Promise<unknown> => {
      alive();
      const call = async (): Promise<unknown> => Reflect.apply(send, client, args);
      const answer = await call();
      alive();
      if (isRead(args[0])) reads.push(call);
      else written.push(nameOf(args[0]));
      alive();
      return answer;
    };
    Object.defineProperty(client, 'send', { value: mortal });
  }
  return {
    writes: () => written.length,
    written,
    readAgain: async () => (await Promise.allSettled(reads.map((read) => read()))).length,
  };
}
